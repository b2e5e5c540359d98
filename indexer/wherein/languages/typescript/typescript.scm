(abstract_class_declaration name: (_) @name) @definition.class
(interface_declaration name: (_) @name) @definition.interface
(enum_declaration name: (_) @name) @definition.enum
(type_alias_declaration name: (_) @name) @definition.type
(internal_module name: (_) @name) @definition.namespace
(module name: (_) @name body: (_)) @definition.namespace
(function_signature name: (_) @name) @definition.function
(abstract_method_signature name: (_) @name) @definition.method

(public_field_definition name: (_) @name value: [(arrow_function) (function_expression)]) @definition.method
(public_field_definition name: (_) @member)
(method_signature name: (_) @member)
(interface_body (property_signature name: (property_identifier) @member))
(type_alias_declaration value: (object_type (property_signature name: (property_identifier) @member)))
(enum_body name: (_) @member)
(enum_body (enum_assignment name: (_) @member))
(ambient_declaration (lexical_declaration (variable_declarator name: (identifier) @name))) @definition.constant
(ambient_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @definition.constant
; in namespaces, and in `declare global { … }`
[
  (internal_module body: (statement_block [
    (lexical_declaration (variable_declarator name: (identifier) @name)) @definition.constant
    (export_statement
      declaration: (lexical_declaration (variable_declarator name: (identifier) @name)) @definition.constant)
  ]))
  (module body: (statement_block [
    (lexical_declaration (variable_declarator name: (identifier) @name)) @definition.constant
    (export_statement
      declaration: (lexical_declaration (variable_declarator name: (identifier) @name)) @definition.constant)
  ]))
  (ambient_declaration (statement_block
    (_ (variable_declarator name: (identifier) @name)) @definition.constant))
]
; constructor(private readonly http: Http): a field, too
(method_definition parameters: (formal_parameters (_ (accessibility_modifier) pattern: (identifier) @member)))
(method_definition parameters: (formal_parameters (_ "readonly" pattern: (identifier) @member)))
