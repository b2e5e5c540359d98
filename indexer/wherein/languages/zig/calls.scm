((call_expression function: (identifier) @call) (#not-match? @call "^@"))
((call_expression function: (field_expression object: (_) @receiver member: (identifier) @call))
  (#not-match? @call "^@"))
; @"continue"(): a name in quotes is called by what they hold
(call_expression function: (identifier (string (string_content) @call)))
(call_expression function: (field_expression object: (_) @receiver member: (identifier (string (string_content) @call))))
