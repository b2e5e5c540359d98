[
  (class_definition name: (_) @name)
  (object_definition name: (_) @name)
] @definition.class

(trait_definition name: (_) @name) @definition.trait
(enum_definition name: (_) @name) @definition.enum
(package_object name: (_) @name) @definition.namespace

; a given or an extension without a name is known by the type that it is of
(given_definition name: (_) @name) @definition.impl
(given_definition
  !name
  return_type: [(type_identifier) @name (generic_type type: (_) @name)]) @definition.impl

(extension_definition
  parameters: (parameters
    .
    (parameter type: [(type_identifier) @name (generic_type type: (_) @name)])
    .)) @definition.impl

[
  (function_definition name: (_) @name)
  (function_declaration name: (_) @name)
] @definition.function

(type_definition name: (_) @name) @definition.type

; Values of a class are its fields; those of a file, and those that are instances with a body of their own
; (`implicit val listMonoid: Monoid[List] = new Monoid[List] { … }`), stand for themselves.
[
  (compilation_unit
    [
      (val_definition pattern: [(identifier) @name (tuple_pattern (identifier) @name)])
      (var_definition pattern: (identifier) @name)
    ] @definition.constant)
  (val_definition
    pattern: (identifier) @name
    value: (instance_expression (template_body))) @definition.constant
]

(template_body
  [
    (val_definition pattern: (identifier) @member)
    (var_definition pattern: (identifier) @member)
    (val_declaration name: (identifier) @member)
  ])

(class_parameter name: (identifier) @member)
(simple_enum_case name: (identifier) @member)
(full_enum_case name: (identifier) @member)

; munit, ScalaTest, ScalaCheck
((call_expression
  function: (call_expression
    function: (identifier) @_head
    arguments: (arguments . [(string) @name (field_expression value: (string) @name)]))
  arguments: [(block) (colon_argument)]) @definition.function
  (#any-of? @_head "test" "property"))
