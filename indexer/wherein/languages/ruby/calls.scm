(call !receiver method: (identifier) @call)
(call receiver: (_) @receiver method: [(identifier) (constant)] @call)
; Point.new makes a Point
((call receiver: [(constant) @call (scope_resolution scope: (_) @receiver name: (constant) @call)] method: (identifier) @_new)
  (#eq? @_new "new"))
; a bare word is a call or a variable: a definition of that name decides
(body_statement (identifier) @call)
(then (identifier) @call)
(argument_list (identifier) @call)
(assignment right: (identifier) @call)
