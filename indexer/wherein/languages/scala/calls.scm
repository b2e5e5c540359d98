(call_expression function: (identifier) @call)
(call_expression function: (field_expression value: (_) @receiver field: (identifier) @call))
(call_expression function: (generic_function function: [
  (identifier) @call
  (field_expression value: (_) @receiver field: (identifier) @call)
]))
(instance_expression [(type_identifier) @call (generic_type type: (type_identifier) @call)])
(infix_expression left: (_) @receiver operator: (identifier) @call)
