(call_expression function: (identifier) @call)
(call_expression function: (field_expression object: (_) @receiver member: (identifier) @call))
