(class_declaration name: (identifier) @name) @definition.class
(record_declaration name: (identifier) @name) @definition.class
(struct_declaration name: (identifier) @name) @definition.struct
(interface_declaration name: (identifier) @name) @definition.interface
(enum_declaration name: (identifier) @name) @definition.enum
(delegate_declaration name: (identifier) @name) @definition.type
(namespace_declaration name: (_) @name) @scope
(file_scoped_namespace_declaration name: (_) @name) @scope.rest

(method_declaration name: (identifier) @name) @definition.method
(constructor_declaration name: (identifier) @name) @definition.constructor
(destructor_declaration "~" @name name: (identifier) @name.end) @definition.method
(operator_declaration "operator" @name operator: _ @name.end) @definition.method
(conversion_operator_declaration "operator" @name type: (_) @name.end) @definition.method
(indexer_declaration "this" @name) @definition.method
(local_function_statement name: (identifier) @name) @definition.function

; A property with code is cut out, one without is a field.
(property_declaration
  name: (identifier) @name
  accessors: (accessor_list (accessor_declaration body: (_)))) @definition.method
(property_declaration name: (identifier) @member)
; record Point(int X, int Y): properties
(record_declaration (parameter_list (parameter name: (identifier) @member)))
(field_declaration (variable_declaration (variable_declarator name: (identifier) @member)))
(event_declaration name: (identifier) @name) @definition.method
(event_field_declaration (variable_declaration (variable_declarator name: (identifier) @member)))
(enum_member_declaration name: (identifier) @member)
