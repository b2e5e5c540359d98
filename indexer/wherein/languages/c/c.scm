; One pattern, for each takes time to make ready: type name(…) {, type *name(…) {, type (name)(…) {;
; type (*name(…))(…) {: what it returns is a pointer to a function; type MACRO(name)(…) {
(function_definition declarator: [
  (function_declarator declarator: [
    (identifier) @name
    (parenthesized_declarator [
      (identifier) @name
      (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    ])
    (function_declarator
      declarator: (identifier)
      parameters: (parameter_list . (parameter_declaration type: (type_identifier) @name !declarator) .))
  ])
  (pointer_declarator declarator: [
    (function_declarator declarator: [
      (identifier) @name
      (parenthesized_declarator [
        (identifier) @name
        (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
      ])
    ])
    (pointer_declarator declarator: [
      (function_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: [
        (function_declarator declarator: (identifier) @name)
        (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
      ])
    ])
  ])
  (array_declarator declarator: (parenthesized_declarator
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))))
]) @definition.function

; DEFINE_HANDLER(name) { … }, and an implicit int: main(argc) int argc; { … }
((function_definition type: (type_identifier) @_macro declarator: (parenthesized_declarator (identifier) @name))
  (#match? @_macro "^[A-Z_][A-Z0-9_]+$")) @definition.function
(function_definition type: (type_identifier) @name declarator: (parenthesized_declarator (identifier))) @definition.function

(struct_specifier name: (type_identifier) @name body: (_)) @definition.struct
(union_specifier name: (type_identifier) @name body: (_)) @definition.struct
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum
(enumerator name: (identifier) @member)
(type_definition type: (struct_specifier body: (_)) declarator: (type_identifier) @name) @definition.struct
(type_definition type: (union_specifier body: (_)) declarator: (type_identifier) @name) @definition.struct
(type_definition type: (enum_specifier body: (_)) declarator: (type_identifier) @name) @definition.enum
(type_definition declarator: (type_identifier) @name) @definition.type

(type_definition declarator: (function_declarator
  declarator: (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name)))) @definition.type

(translation_unit (declaration declarator: (init_declarator declarator: [
  (identifier) @name
  (pointer_declarator declarator: (identifier) @name)
  (array_declarator declarator: (identifier) @name)
  (pointer_declarator declarator: (array_declarator declarator: (identifier) @name))
])) @definition.constant)
(preproc_def name: (identifier) @name) @definition.constant
(preproc_function_def name: (identifier) @name) @definition.macro

; Read without an error, but wrongly: `struct __packed name {`, `DECLARE(a) DECLARE(b) static int f(void) {`
(function_definition declarator: (identifier)) @unread
((function_definition type: (_) @_type) @unread (#match? @_type "[)]$"))
(field_declaration declarator: [
  (field_identifier) @member
  (pointer_declarator declarator: (field_identifier) @member)
  (array_declarator declarator: (field_identifier) @member)
  (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (field_identifier) @member)))
])
(compound_statement (function_definition) @unread)
