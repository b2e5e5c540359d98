(function_definition name: (identifier) @name) @definition.function
(class_definition name: (identifier) @name) @definition.class

(module (expression_statement (assignment left: (identifier) @name)) @definition.constant)
(module (type_alias_statement left: (type) @name) @definition.type)

(module . (comment)* . (expression_statement (string (string_content) @doc)))
(block . (expression_statement (string (string_content) @doc)))
