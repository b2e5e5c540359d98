(class_declaration name: (name) @name) @definition.class
(interface_declaration name: (name) @name) @definition.interface
(trait_declaration name: (name) @name) @definition.trait
(enum_declaration name: (name) @name) @definition.enum

(method_declaration name: (name) @name) @definition.method
(function_definition name: (name) @name) @definition.function

(expression_statement
  (assignment_expression
    left: (variable_name (name) @name)
    right: [(anonymous_function) (arrow_function)])) @definition.function

(const_declaration (const_element . (name) @name)) @definition.constant

((expression_statement
  (function_call_expression
    function: (name) @_head
    arguments: (arguments . (argument (string (string_content) @name))))) @definition.constant
  (#eq? @_head "define"))

(property_element name: (variable_name (name) @member))
(property_promotion_parameter name: (variable_name (name) @member))
(enum_case name: (name) @member)

; Pest
((expression_statement
  (function_call_expression
    function: (name) @_head
    arguments: (arguments
      .
      (argument (string) @name)
      (argument [(anonymous_function) (arrow_function)])))) @definition.function
  (#any-of? @_head "it" "test"))
