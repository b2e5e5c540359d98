(function_item name: (identifier) @name) @definition.function
(trait_item name: (type_identifier) @name) @definition.trait
(impl_item type: [
  (type_identifier) @name
  (primitive_type) @name
  (scoped_type_identifier) @name
  (generic_type type: (_) @name)
  (reference_type type: (type_identifier) @name)
  (reference_type type: (generic_type type: (_) @name))
  (dynamic_type trait: [(type_identifier) @name (scoped_type_identifier) @name (generic_type type: (_) @name)])
  (bounded_type
    .
    (dynamic_type trait: [(type_identifier) @name (scoped_type_identifier) @name (generic_type type: (_) @name)]))
  (pointer_type type: [(type_identifier) @name (generic_type type: (_) @name)])
  (tuple_type) @name
  (array_type) @name
]) @definition.impl
(struct_item name: (type_identifier) @name) @definition.struct
(union_item name: (type_identifier) @name) @definition.struct
(enum_item name: (type_identifier) @name) @definition.enum
(enum_variant name: (identifier) @member)
(source_file [(struct_item body: (_ (field_declaration name: (field_identifier) @member)))
              (union_item body: (_ (field_declaration name: (field_identifier) @member)))])
(declaration_list [(struct_item body: (_ (field_declaration name: (field_identifier) @member)))
                   (union_item body: (_ (field_declaration name: (field_identifier) @member)))])
(enum_variant body: (_ (field_declaration name: (field_identifier) @member)))
(macro_definition name: (identifier) @name) @definition.macro
(mod_item name: (identifier) @name body: (_)) @definition.namespace
(trait_item body: (declaration_list (function_signature_item name: (identifier) @name) @definition.method))

; of another language: extern "C" { fn strlen(s: *const c_char) -> usize; }
(foreign_mod_item body: (declaration_list (function_signature_item name: (identifier) @member)))

(type_item name: (type_identifier) @name) @definition.type
(associated_type name: (type_identifier) @name) @definition.type
(const_item name: (identifier) @name) @definition.constant
(static_item name: (identifier) @name) @definition.constant

; what stands in a macro's braces may be items, to which a grammar cannot look
(source_file (macro_invocation (token_tree) @unread))
(source_file (expression_statement (macro_invocation (token_tree) @unread)))
(declaration_list (macro_invocation (token_tree) @unread))
