(call_expression function: (identifier) @call)
(call_expression function: (field_expression value: (_) @receiver field: (field_identifier) @call))
(call_expression function: (scoped_identifier path: (_) @receiver name: (identifier) @call))
(call_expression function: (generic_function function: [
  (identifier) @call
  (scoped_identifier path: (_) @receiver name: (identifier) @call)
  (field_expression value: (_) @receiver field: (field_identifier) @call)
]))
(macro_invocation macro: (identifier) @call)
(macro_invocation macro: (scoped_identifier path: (_) @receiver name: (identifier) @call))
(struct_expression name: (type_identifier) @call)
