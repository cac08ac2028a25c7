Feature: §9.3 Enforcement of the lease
  Every operation is held against the lease before it is dispatched; what no pattern covers is PERMISSION_DENIED. Globs
  are judged where every reading of them agrees: exact names, `dir/**`, `prefix*`.

  @arcp-9.3-01 @must @R9.3-1
  Scenario Outline: <outside> is outside <lease>
    Given a session "A"
    Then a job of "A" under the lease <lease> goes as follows:
      | <inside>  | allowed |
      | <outside> | denied  |
      | <inside>  | allowed |
    And "A" still answers

    Examples:
      | lease                                              | inside                                 | outside                                  |
      | {"tool.call":["search"]}                           | tool search                            | tool delete                              |
      | {"tool.call":["search"]}                           | tool search                            | tool searches                            |
      | {"tool.call":["search_*"]}                         | tool search_web                        | tool find_web                            |
      | {"tool.call":["fetch","search"]}                   | tool search                            | tool write                               |
      | {"fs.read":["/workspace/notes.txt"]}               | read /workspace/notes.txt              | read /workspace/other.txt                |
      | {"fs.read":["/workspace/app/**"]}                  | read /workspace/app/src/main.go        | read /workspace/application/main.go      |
      | {"fs.read":["/workspace/app/**"]}                  | read /workspace/app/src/main.go        | read /etc/passwd                         |
      | {"fs.write":["/workspace/notes.txt"]}              | write /workspace/notes.txt             | write /workspace/notes                   |
      | {"fs.write":["/workspace/app/**"]}                 | write /workspace/app/out/a.txt         | write /workspace/lib/a.txt               |
      | {"net.fetch":["https://example.com/data"]}         | fetch https://example.com/data         | fetch https://example.com/other          |
      | {"net.fetch":["https://api.example.com/v1/**"]}    | fetch https://api.example.com/v1/users | fetch https://api.example.com/v2/users   |
      | {"net.fetch":["https://api.example.com/v1/**"]}    | fetch https://api.example.com/v1/users | fetch https://other.example.com/v1/users |

  @arcp-9.3-02 @must @R9.3-2
  Scenario Outline: A grant in one namespace gives nothing in another: <lease>
    Given a session "A"
    Then a job of "A" under the lease <lease> goes as follows:
      | tool  | <tool>  |
      | read  | <read>  |
      | write | <write> |
      | fetch | <fetch> |

    Examples:
      | lease                                      | tool    | read    | write   | fetch   |
      | {"tool.call":["conformance.tool"]}         | allowed | denied  | denied  | denied  |
      | {"fs.read":["/data/in.txt"]}               | denied  | allowed | denied  | denied  |
      | {"fs.write":["/data/in.txt"]}              | denied  | denied  | allowed | denied  |
      | {"net.fetch":["https://example.com/data"]} | denied  | denied  | denied  | allowed |

  @arcp-9.3-03 @must @R9.3-2
  Scenario: The name of a path or an URL among the tools is a tool
    Given a session "A"
    Then a job of "A" under the lease {"tool.call":["conformance.tool","/data/in.txt","https://example.com/data"]} goes as follows:
      | tool  | allowed |
      | read  | denied  |
      | write | denied  |
      | fetch | denied  |

  @arcp-9.3-04 @must @R9.3-4
  Scenario: Without a lease nothing is granted
    Given a session "A"
    Then a job of "A" without a lease goes as follows:
      | tool  | denied |
      | read  | denied |
      | write | denied |
      | fetch | denied |
    And a job of "A" under the lease {"tool.call":["conformance.tool"],"fs.read":["/data/in.txt"],"fs.write":["/data/in.txt"],"net.fetch":["https://example.com/data"]} goes as follows:
      | tool  | allowed |
      | read  | allowed |
      | write | allowed |
      | fetch | allowed |

  @arcp-9.3-05 @must @R9.3-4
  Scenario: An empty lease grants nothing
    Given a session "A"
    Then a job of "A" under the lease {} goes as follows:
      | tool  | denied |
      | read  | denied |
      | write | denied |
      | fetch | denied |
    And a job of "A" under the lease {"tool.call":["conformance.tool"]} goes as follows:
      | tool  | allowed |

  @arcp-9.3-06 @must @R9.3-1
  Scenario: A denial that ends the job is an error, and other jobs go on
    Given a session "A"
    Then a job of "A" under the lease {"tool.call":["conformance.tool"]} goes as follows:
      | tool       | allowed |
      | fatal read | denied  |
    And a job of "A" still works

  @arcp-9.3-07 @must @R9.3-1 @R9.3-4 @feature:cost.budget
  Scenario: A budget is no grant
    Given a session "A"
    Then a job of "A" under the lease {"cost.budget":["USD:5.00"],"tool.call":["search"]} goes as follows:
      | tool search | allowed |
      | tool        | denied  |
      | read        | denied  |

  @arcp-9.3-08 @may @R9.3-1
  Scenario: Who makes the check
    Given a session "A"
    Then a job of "A" under the lease {"tool.call":["search"]} goes as follows:
      | tool search | allowed |
      | tool        | denied  |
    And it is told who enforces the lease
