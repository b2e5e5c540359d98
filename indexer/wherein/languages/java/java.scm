(class_declaration name: (identifier) @name) @definition.class
(record_declaration name: (identifier) @name) @definition.class
(interface_declaration name: (identifier) @name) @definition.interface
(annotation_type_declaration name: (identifier) @name) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(method_declaration name: (identifier) @name) @definition.method
(constructor_declaration name: (identifier) @name) @definition.constructor
(compact_constructor_declaration name: (identifier) @name) @definition.constructor
(enum_constant name: (identifier) @member)
; what a record consists of is fields, each with a method of that name
(record_declaration parameters: (formal_parameters [
  (formal_parameter name: (identifier) @member)
  (spread_parameter (variable_declarator name: (identifier) @member))
]))
(enum_body_declarations (field_declaration declarator: (variable_declarator name: (identifier) @member)))
(class_body (field_declaration declarator: (variable_declarator name: (identifier) @member)))
(constant_declaration declarator: (variable_declarator name: (identifier) @member))
(annotation_type_element_declaration name: (identifier) @member)
