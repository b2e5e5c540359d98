(class_declaration declaration_kind: ["class" "actor"] name: (_) @name) @definition.class
(class_declaration declaration_kind: "struct" name: (_) @name) @definition.struct
(class_declaration declaration_kind: "enum" name: (_) @name) @definition.enum
(class_declaration declaration_kind: "extension" name: (_) @name) @definition.impl
(protocol_declaration name: (_) @name) @definition.interface

(init_declaration "init" @name) @definition.constructor
(deinit_declaration "deinit" @name) @definition.method
(subscript_declaration "subscript" @name) @definition.method

; a function's result is a field `name` too: the name is what follows `func`
(function_declaration "func" . name: _ @name) @definition.function
(protocol_function_declaration "func" . name: _ @name) @definition.function

; stored properties are fields and stay with their type; computed ones are functions
(property_declaration
  name: (pattern bound_identifier: (simple_identifier) @name)
  computed_value: (_)) @definition.function

(source_file
  (property_declaration
    name: (pattern bound_identifier: (simple_identifier) @name)) @definition.constant)

(typealias_declaration "typealias" . (_) @name) @definition.type
(associatedtype_declaration "associatedtype" . (_) @member)
(macro_declaration "macro" . (_) @name) @definition.macro

(class_body (property_declaration name: (pattern bound_identifier: (simple_identifier) @member)))
(protocol_property_declaration name: (pattern bound_identifier: (simple_identifier) @member))
(enum_entry name: (simple_identifier) @member)
