(call_expression function: (template_function name: (identifier) @call))
(call_expression function: (field_expression
  argument: (_) @receiver
  field: (template_method name: (field_identifier) @call)))
(call_expression function: (qualified_identifier scope: (_) @receiver name: (identifier) @call))
(call_expression function: (qualified_identifier scope: (_) @receiver name: (template_function name: (identifier) @call)))
; a::b::f() nests to the right: the innermost pair names the function
(qualified_identifier name: (qualified_identifier scope: (_) @receiver name: [
  (identifier) @call
  (template_function name: (identifier) @call)
]))
(new_expression type: [
  (type_identifier) @call
  (template_type name: (type_identifier) @call)
  (qualified_identifier scope: (_) @receiver name: (type_identifier) @call)
])
(declaration type: (type_identifier) @call declarator: (init_declarator value: [(argument_list) (initializer_list)]))
(compound_literal_expression type: (type_identifier) @call)
