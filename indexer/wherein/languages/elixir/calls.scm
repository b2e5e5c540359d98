(call target: (identifier) @call)
(call target: (dot left: (_) @receiver right: (identifier) @call) (arguments))
(unary_operator operator: "&" operand: (binary_operator left: (identifier) @call))
(binary_operator operator: "|>" right: (identifier) @call)
