; A class, a category, an extension: `@interface` and `@implementation`
(class_interface . (identifier) @name) @definition.class
(class_implementation . (identifier) @name) @definition.class
(protocol_declaration . (identifier) @name) @definition.interface

; - (type)name:(type)argument with:(type)another
(method_definition . (method_type) . (identifier) @name
  [(identifier) @name.more (method_parameter) @name.argument]*) @definition.method
(method_definition . (identifier) @name [(identifier) @name.more (method_parameter) @name.argument]*) @definition.method
(method_declaration . (method_type) . (identifier) @name
  [(identifier) @name.more (method_parameter) @name.argument]*) @definition.method
(method_declaration . (identifier) @name [(identifier) @name.more (method_parameter) @name.argument]*) @definition.method

(property_declaration (struct_declaration (struct_declarator [
  (identifier) @member
  (pointer_declarator declarator: (identifier) @member)
  (pointer_declarator declarator: (pointer_declarator declarator: (identifier) @member))
  (function_declarator declarator: (parenthesized_declarator [
    (block_pointer_declarator declarator: (identifier) @member)
    (pointer_declarator declarator: (identifier) @member)
  ]))
])))
(instance_variable (struct_declaration (struct_declarator [
  (identifier) @member
  (pointer_declarator declarator: (identifier) @member)
])))

(type_definition declarator: (function_declarator
  declarator: (parenthesized_declarator (block_pointer_declarator declarator: (type_identifier) @name)))) @definition.type
