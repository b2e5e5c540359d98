(call !receiver method: (identifier) @call)
(call receiver: (_) @receiver method: [(identifier) (constant)] @call)
; Point.new makes a Point
((call receiver: [(constant) @call (scope_resolution scope: (_) @receiver name: (constant) @call)] method: (identifier) @_new)
  (#eq? @_new "new"))
; a bare word as a statement is a call, elsewhere most likely a variable
(body_statement (identifier) @call)
