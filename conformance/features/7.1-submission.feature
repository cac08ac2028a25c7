Feature: §7.1 Submission and acceptance
  A good submit gets job.accepted with what holds for the job, and a bad one starts nothing.

  @arcp-7.1-01 @must @R7.1-1 @R7.1-6
  Scenario: An accepted job says so before all else
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "at once"}, {"op": "return", "value": "done"}]
      """
    Then the acceptance of the job is complete
    And the job has emitted a "log" event with {"message": "at once"}
    And the job has the result "done"
    And the acceptance of the job came before all else about it

  @arcp-7.1-02 @must @R7.1-6 @R7.1-1
  Scenario: Of many jobs that speak at once, none speaks before it is accepted
    Given a session "A"
    When "A" runs 25 jobs, one after the other, that do:
      """
      [{"op": "log", "message": "at once"}]
      """
    Then each job of "A" was accepted before all else about it
    And no two jobs have one job_id
    And the numbers of "A" have no gap

  @arcp-7.1-03 @must @R7.1-1 @R7.1-3
  Scenario Outline: The lease that holds is the one that was asked for: <lease>
    Given a session "A"
    When "A" submits a job under the lease <lease> that does:
      """
      [{"op": "log", "message": "leased"}, {"op": "return", "value": "leased"}]
      """
    Then the acceptance of the job is complete
    And the lease of the job is <lease>
    And the lease of the job is no more than was asked for
    And the job has the result "leased"

    Examples:
      | lease                                                                     |
      | {}                                                                        |
      | {"tool.call": ["search.web"]}                                             |
      | {"tool.call": ["search.*", "fetch"], "fs.read": ["/workspace/myapp/**"]}  |
      | {"fs.write": ["/workspace/myapp/src/**"]}                                 |
      | {"net.fetch": ["https://example.com/**"]}                                 |

  @arcp-7.1-04 @must @R7.1-3
  Scenario: A submit without a lease_request gets no authority
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["search"]} that does:
      """
      [{"op": "tool", "name": "search", "call_id": "c1"}]
      """
    Then the call "c1" has a result (R9.3-1)
    When "A" submits a job that does:
      """
      [{"op": "tool", "name": "search", "call_id": "c1"}, {"op": "log", "message": "behind it"}]
      """
    Then the call "c1" is refused with PERMISSION_DENIED
    And the lease of the job is no more than was asked for
    And the job has emitted a "log" event with {"message": "behind it"} (R8.1-1)

  @arcp-7.1-05 @must @R7.1-2 @feature:cost.budget
  Scenario Outline: The acceptance shows a counter for each currency: <amounts>
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["*"], "cost.budget": <amounts>} that does:
      """
      [{"op": "tool", "name": "search", "call_id": "c1"}]
      """
    Then the job has the budget <counters>
    And the lease of the job is no more than was asked for
    And the call "c1" has a result (R9.6-7)

    Examples:
      | amounts                       | counters                     |
      | ["USD:5.00"]                  | {"USD": 5}                   |
      | ["USD:5.00", "credits:1000"]  | {"USD": 5.00, "credits": 1000} |
      | ["EUR:0.05"]                  | {"EUR": 0.05}                |

  @arcp-7.1-06 @must @R7.1-2 @feature:cost.budget
  Scenario: Without cost.budget there is no counter
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["*"]} that does:
      """
      [{"op": "tool", "name": "search", "call_id": "c1"}]
      """
    Then the job has no budget
    And the call "c1" has a result (R9.3-1)

  @arcp-7.1-07 @must @R7.1-4 @feature:cost.budget
  Scenario: Without cost.budget nothing is ever exhausted, and without lease_constraints nothing expires
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["*"]} that does:
      """
      [
        {"op": "metric", "name": "cost.inference", "value": 1000000000, "unit": "USD"},
        {"op": "tool", "name": "search", "call_id": "c1"},
        {"op": "metric", "name": "cost.inference", "value": 1000000000, "unit": "credits"},
        {"op": "tool", "name": "search", "call_id": "c2"},
        {"op": "return", "value": "rich"}
      ]
      """
    Then the calls c1, c2 have a result
    And the job has no lease_constraints
    And the job has the result "rich"

  @arcp-7.1-08 @must @R7.1-5
  Scenario Outline: A submit that breaks the draft's grammar starts nothing: <what>
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "return", "value": "sound"}]
      """
    Then the job has the result "sound" (R7.3-1)
    When "A" submits a job with the payload:
      """
      {"input": {"steps": [{"op": "log", "message": "a job that must not run"}]}, <members>}
      """
    Then the submit is refused with INVALID_REQUEST
    And no job was started

    Examples:
      | what                           | members                                                             |
      | no agent                       | "comment": "no agent"                                               |
      | a number as agent              | "agent": 42                                                         |
      | null as agent                  | "agent": null                                                       |
      | an empty agent                 | "agent": ""                                                         |
      | a list as agent                | "agent": ["${agent}"]                                               |
      | an object as agent             | "agent": {"name": "${agent}"}                                       |
      | a string as lease              | "agent": "${agent}", "lease_request": "*"                           |
      | a list as lease                | "agent": "${agent}", "lease_request": ["tool.call"]                 |
      | a number as lease              | "agent": "${agent}", "lease_request": 7                             |
      | true as lease                  | "agent": "${agent}", "lease_request": true                          |
      | a string for a list            | "agent": "${agent}", "lease_request": {"tool.call": "*"}            |
      | true for a list                | "agent": "${agent}", "lease_request": {"tool.call": true}           |
      | an object for a list           | "agent": "${agent}", "lease_request": {"tool.call": {"search": true}} |
      | a number as pattern            | "agent": "${agent}", "lease_request": {"tool.call": [7]}            |
      | null as pattern                | "agent": "${agent}", "lease_request": {"tool.call": [null]}         |
      | a list as pattern              | "agent": "${agent}", "lease_request": {"tool.call": [["search"]]}   |
      | one bad pattern among good     | "agent": "${agent}", "lease_request": {"tool.call": ["a", {}, "b"]} |

  @arcp-7.1-09 @should @R7.1-5 @R9.2-1
  Scenario Outline: A submit that makes no sense, though no grammar forbids it: <what>
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "return", "value": "sound"}]
      """
    Then the job has the result "sound" (R7.3-1)
    When "A" submits a job with the payload:
      """
      {"agent": "${agent}", "input": {"steps": [{"op": "return", "value": "it ran"}]}, <members>}
      """
    Then the submit is accepted, or preferably refused with INVALID_REQUEST
    And a job of "A" still works

    Examples:
      | what                    | members                                     |
      | no time at all          | "max_runtime_sec": 0                        |
      | less than no time       | "max_runtime_sec": -1                       |
      | a time in words         | "max_runtime_sec": "soon"                   |
      | a time as a string      | "max_runtime_sec": "60"                     |
      | a list as time          | "max_runtime_sec": [60]                     |
      | true as time            | "max_runtime_sec": true                     |
      | an unknown namespace    | "lease_request": {"disk.format": ["*"]}     |
      | an empty namespace      | "lease_request": {"": ["*"]}                |
      | a namespace in capitals | "lease_request": {"TOOL.CALL": ["*"]}       |

  @arcp-7.1-10 @must @R11-1
  Scenario: The trace of a submit stands on all that its job sends
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["search"]} that does:
      """
      [{"op": "log", "message": "traced"}, {"op": "tool", "name": "search", "call_id": "c1"}, {"op": "return", "value": "traced"}]
      """
    Then the job has the result "traced" (R7.3-1)
    And the call "c1" has a result (R9.3-1)
    And every message of the job carries its trace_id
    When "A" submits a job that does:
      """
      [{"op": "fail", "code": "INTERNAL_ERROR", "message": "traced to the end"}]
      """
    Then the job ends with the error INTERNAL_ERROR (R7.3-1)
    And every message of the job carries its trace_id

  @arcp-7.1-11 @should @R11-1
  Scenario: A whole traceparent as trace_id
    Given a session "A"
    When "A" submits a job with the envelope fields {"trace_id": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"} that does:
      """
      [{"op": "log", "message": "traced"}, {"op": "return", "value": "traced"}]
      """
    Then the submit is preferably accepted
    And a job of "A" still works

  @arcp-7.1-12 @must @R7.1-1 @feature:lease_expires_at @feature:cost.budget @feature:model.use @feature:agent_versions
  Scenario: The submit of the draft, with an agent of this peer and a deadline to come
    Given a session "A"
    When "A" submits a job with the payload:
      """
      {
        "agent": "${agent}@2.0.0",
        "input": {"steps": [{"op": "log", "message": "refactored"}, {"op": "return", "value": "refactored"}]},
        "lease_request": {
          "fs.read":     ["/workspace/myapp/**"],
          "fs.write":    ["/workspace/myapp/src/**"],
          "cost.budget": ["USD:5.00"],
          "model.use":   ["tier-fast/*"]
        },
        "lease_constraints": {
          "expires_at": "${in an hour}"
        },
        "idempotency_key": "refactor-auth-2026-W19-${id}",
        "max_runtime_sec": 1800
      }
      """
    Then the acceptance of the job is complete
    And the job has the budget {"USD": 5.0} (R7.1-2)
    And the job has the lease_constraints that were asked for
    And the lease of the job is no more than was asked for
    And the job has the result "refactored"

  @arcp-7.1-13 @must @R7.1-1
  Scenario: The submit of the draft, as far as it needs no feature
    Given a session "A"
    When "A" submits a job with the payload:
      """
      {
        "agent": "${agent}",
        "input": {"steps": [{"op": "log", "message": "refactored"}, {"op": "return", "value": "refactored"}]},
        "lease_request": {
          "fs.read":     ["/workspace/myapp/**"],
          "fs.write":    ["/workspace/myapp/src/**"]
        },
        "max_runtime_sec": 1800
      }
      """
    Then the acceptance of the job is complete
    And the lease of the job is no more than was asked for
    And the job has the result "refactored"

  @arcp-7.1-14 @must @R7.1-1
  Scenario: A deadline that was asked for is echoed
    Given a session "A"
    And the feature "lease_expires_at" is negotiated on "A"
    When "A" submits a job with the members {"lease_request": {}, "lease_constraints": {"expires_at": "${in an hour}"}} that does:
      """
      [{"op": "return", "value": "in time"}]
      """
    Then the acceptance of the job is complete
    And the job has the lease_constraints that were asked for
    And the job has the result "in time"
