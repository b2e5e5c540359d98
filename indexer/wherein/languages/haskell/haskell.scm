; A function is a signature and its equations, siblings all: they carry one name and make one chunk.
[
  (declarations
    [
      (signature name: [(variable) @name (prefix_id (_) @name)])
      (signature names: (binding_list name: [(variable) @name (prefix_id (_) @name)]))
      (function name: [(variable) @name (prefix_id (_) @name)])
      (function (infix operator: [(operator) @name (infix_id (_) @name)]))
      (function parens: (function_head_parens (infix operator: [(operator) @name (infix_id (_) @name)])))
      (bind name: (_) @name)
    ] @definition.function)
  (ERROR
    [
      (signature name: [(variable) @name (prefix_id (_) @name)])
      (function name: [(variable) @name (prefix_id (_) @name)])
      (bind name: (_) @name)
    ] @definition.function)
]

; of what is local, what takes arguments
(local_binds (function name: (variable) @name) @definition.function)

(foreign_import (signature name: (_) @name)) @definition.function

(pattern_synonym
  [
    (equation synonym: [
      (constructor) @name
      (apply function: [
        (constructor) @name
        (apply function: [
          (constructor) @name
          (apply function: [
            (constructor) @name
            (apply function: (constructor) @name)
          ])
        ])
      ])
      (infix operator: [(constructor_operator) @name (infix_id (_) @name)])
      (record constructor: (constructor) @name)
    ])
    (signature synonym: [(constructor) @name (prefix_id (_) @name)])
  ]) @definition.function

; Methods are a line or two each: they stay with their class or instance.
(class name: (_) @name) @definition.trait
(class_declarations (signature name: [(variable) @member (prefix_id (_) @member)]))

; `instance ToJSON Meta` is named for the class, and for the type it is of
(instance
  name: (_) @name
  patterns: (type_patterns
    .
    [
      (name) @member
      (apply . constructor: (name) @member)
      (parens [(name) @member (apply . constructor: (name) @member)])
    ])?) @definition.impl
(instance (infix operator: (_) @name)) @definition.impl
(instance_declarations
  [
    (function name: [(variable) @member (prefix_id (_) @member)])
    (bind name: (_) @member)
  ])

(data_type
  name: (_) @name
  constructors: (data_constructors (data_constructor) . (data_constructor))) @definition.enum

(data_type name: (_) @name) @definition.struct
(newtype name: (_) @name) @definition.struct
(data_constructor [
  (record name: (_) @member)
  (prefix name: (_) @member)
  (infix operator: [(constructor_operator) @member (infix_id (_) @member)])
])
(gadt_constructor name: [(constructor) @member (prefix_id (_) @member)])
(field name: (field_name (variable) @member))
(pattern_synonym (equation synonym: (record field: (field_pattern field: (field_name (variable) @member)))))

[
  (type_synonym name: (_) @name)
  (type_family name: (_) @name)
  (data_family name: (_) @name)
] @definition.type

; data a :<|> b, type (f ~> g) = …, class a <: b: what is called by an operator
(data_type [(infix operator: (_) @name) (parens (infix operator: (_) @name))]) @definition.struct
(newtype [(infix operator: (_) @name) (parens (infix operator: (_) @name))]) @definition.struct
(class [(infix operator: (_) @name) (parens (infix operator: (_) @name))]) @definition.trait
[
  (type_synonym [(infix operator: (_) @name) (parens (infix operator: (_) @name))])
  (type_family [(infix operator: (_) @name) (parens (infix operator: (_) @name))])
] @definition.type

; `#else` and all that follows it up to `#endif`, which the grammar skips
((cpp) @unread (#match? @unread "\n"))
