(call_expression function: (identifier) @call)
(call_expression function: (selector_expression operand: (_) @receiver field: (field_identifier) @call))
(call_expression function: (type_instantiation_expression type: (_) @call))
(type_conversion_expression type: (generic_type type: (type_identifier) @call))
(composite_literal type: (type_identifier) @call)
(composite_literal type: (qualified_type package: (_) @receiver name: (type_identifier) @call))

; the receiver is a method's own object, whatever it is called
(method_declaration receiver: (parameter_list (parameter_declaration name: (identifier) @own))) @own.scope
