Feature: §9.2 Lease grammar
  A lease is lists of patterns by namespace.

  @arcp-9.2-01 @must @R9.2-1 @R7.1-5
  Scenario Outline: A lease that is no lists of patterns is refused, and starts nothing: <lease>
    Given a session "A"
    When "A" submits a job with the payload:
      """
      {"agent":"${agent}","lease_request":<lease>,"input":{"steps":[{"op":"log","message":"this job must not run"}]}}
      """
    Then the submit is refused with INVALID_REQUEST
    And no job was started (R7.1-5)
    And a job of "A" under the lease {"tool.call":["search"]} goes as follows:
      | tool search | allowed |

    Examples:
      | lease                              |
      | {"tool.call":"search"}             |
      | {"tool.call":{"search":true}}      |
      | {"tool.call":[5]}                  |
      | {"tool.call":["search",["fetch"]]} |
      | {"fs.read":true}                   |
      | ["tool.call"]                      |
      | "tool.call"                        |

  @arcp-9.2-02 @must @R9.2-1 @R9.6-1 @feature:cost.budget
  Scenario: A budget that is no list is refused, and starts nothing
    Given a session "A"
    When "A" submits a job under the lease {"cost.budget":"USD:5.00"} that does:
      """
      [{"op":"log","message":"this job must not run"}]
      """
    Then the submit is refused with INVALID_REQUEST
    And no job was started (R7.1-5)
    And a job of "A" with the budget ["USD:5.00"] goes as follows:
      | tool | allowed |

  @arcp-9.2-03 @should @R9.2-1
  Scenario Outline: A namespace that nobody knows is not granted in silence: <lease>
    Given a session "A"
    Then a job of "A" under the strange lease <lease> is better refused
    And a job of "A" under the lease {"tool.call":["search"]} goes as follows:
      | tool search | allowed |

    Examples:
      | lease                     |
      | {"disk.erase":["**"]}     |
      | {"tool.calls":["search"]} |
      | {"Tool.Call":["search"]}  |
