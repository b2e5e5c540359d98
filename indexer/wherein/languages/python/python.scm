(function_definition name: (identifier) @name) @definition.function
(class_definition name: (identifier) @name) @definition.class

(class_definition body: (block (expression_statement (assignment left: (identifier) @member))))

(module (expression_statement (assignment left: (identifier) @name)) @definition.constant)
(type_alias_statement left: (type (identifier) @name)) @definition.type
(type_alias_statement left: (type (generic_type (identifier) @name))) @definition.type

(module . (comment)* . (expression_statement (string (string_content) @doc)))
(block . (expression_statement (string (string_content) @doc)))
