Feature: §9.4 Lease subsetting
  What is handed on is within what the parent has: in every namespace, in every currency, in time. A superset is
  LEASE_SUBSET_VIOLATION. Each refusal stands beside a delegation of the same agent that is granted.

  @arcp-9.4-01 @must @R9.4-1 @R9.4-5
  Scenario Outline: <beyond> is beyond <parent>
    Given a session "A"
    When "A" submits a job under the lease <parent> that does:
      """
      [{"op": "delegate", "agent": "${agent}", "call_id": "within", "lease": <within>, "input": {"steps": [{"op": "return", "value": 1}]}},
       {"op": "delegate", "agent": "${agent}", "call_id": "beyond", "lease": <beyond>, "input": {"steps": [{"op": "return", "value": 2}]}},
       {"op": "return", "value": "on"}]
      """
    Then the call "within" has started a child that succeeds with 1
    And the call "beyond" is refused with LEASE_SUBSET_VIOLATION
    And the job has the result "on"
    And a job of "A" still works

    Examples:
      | parent                                                           | within                           | beyond                                   |
      | {"agent.delegate": ["*"], "tool.call": ["search"]}               | {"tool.call": ["search"]}        | {"tool.call": ["delete"]}                |
      | {"agent.delegate": ["*"], "tool.call": ["search"]}               | {"tool.call": ["search"]}        | {"tool.call": ["search", "delete"]}      |
      | {"agent.delegate": ["*"], "tool.call": ["search"]}               | {}                               | {"fs.read": ["/data/in.txt"]}            |
      | {"agent.delegate": ["*"], "tool.call": ["search"]}               | {"tool.call": ["search"]}        | {"tool.call": ["*"]}                     |
      | {"agent.delegate": ["*"], "fs.read": ["/a/**"]}                  | {"fs.read": ["/a/b.txt"]}        | {"fs.read": ["/b/c.txt"]}                |
      | {"agent.delegate": ["*"], "fs.read": ["/a/**"]}                  | {"fs.read": ["/a/**"]}           | {"fs.read": ["/**"]}                     |
      | {"agent.delegate": ["*"], "fs.read": ["/a/*"]}                   | {"fs.read": ["/a/*"]}            | {"fs.read": ["/a/**"]}                   |

  @arcp-9.4-02 @should @R9.4-5
  Scenario: A pattern within a pattern is a subset
    Given a session "A"
    When "A" submits a job under the lease {"agent.delegate": ["*"], "fs.read": ["/a/**"]} that does:
      """
      [{"op": "delegate", "agent": "${agent}", "call_id": "c1", "lease": {"fs.read": ["/a/b/*"]}, "input": {"steps": [{"op": "return", "value": 1}]}}]
      """
    Then the call "c1" is preferably allowed
    And a job of "A" still works

  @arcp-9.4-03 @must @R9.4-2 @feature:cost.budget
  Scenario Outline: The budget that is handed on is within what remains: <beyond>
    Given a session "A"
    When "A" submits a job under the lease {"agent.delegate": ["*"], "cost.budget": ["USD:1.00"]} that does:
      """
      [{"op": "metric", "name": "cost.search", "value": 0.4, "unit": "USD"},
       {"op": "delegate", "agent": "${agent}", "call_id": "beyond", "lease": {"cost.budget": <beyond>}, "input": {"steps": [{"op": "return", "value": 1}]}},
       {"op": "delegate", "agent": "${agent}", "call_id": "exactly", "lease": {"cost.budget": ["USD:0.60"]}, "input": {"steps": [{"op": "return", "value": 2}]}},
       {"op": "return", "value": "on"}]
      """
    Then the call "beyond" is refused with LEASE_SUBSET_VIOLATION
    And the call "exactly" has started a child that succeeds with 2
    And the job has the result "on"

    Examples:
      | beyond         |
      | ["USD:0.61"]   |
      | ["USD:0.6000001"] |
      | ["USD:1.00"]   |
      | ["EUR:0.01"]   |
      | ["USD:0.10", "EUR:0.01"] |

  @arcp-9.4-04 @must @R9.4-3 @feature:lease_expires_at
  Scenario: The deadline that is handed on is not after the parent's
    Given a session "A"
    When "A" submits a job under the lease {"agent.delegate": ["*"]} with the members {"lease_constraints": {"expires_at": "${in an hour}"}} that does:
      """
      [{"op": "delegate", "agent": "${agent}", "call_id": "later", "lease": {}, "constraints": {"expires_at": "${in 30 days}"}, "input": {"steps": [{"op": "return", "value": 1}]}},
       {"op": "delegate", "agent": "${agent}", "call_id": "sooner", "lease": {}, "constraints": {"expires_at": "${in 60 seconds}"}, "input": {"steps": [{"op": "return", "value": 2}]}},
       {"op": "delegate", "agent": "${agent}", "call_id": "unsaid", "lease": {}, "input": {"steps": [{"op": "return", "value": 3}]}},
       {"op": "return", "value": "on"}]
      """
    Then the call "later" is refused with LEASE_SUBSET_VIOLATION
    And the call "sooner" has started a child that succeeds with 2
    And the call "unsaid" has started a child that succeeds with 3
    And the job has the result "on"

  @arcp-9.4-05 @must @R9.4-4 @feature:model.use
  Scenario: The models that are handed on are among the parent's
    Given a session "A"
    When "A" submits a job under the lease {"agent.delegate": ["*"], "model.use": ["tier-fast/*"]} that does:
      """
      [{"op": "delegate", "agent": "${agent}", "call_id": "within", "lease": {"model.use": ["tier-fast/*"]}, "input": {"steps": [{"op": "model", "name": "tier-fast/small", "fatal": true}, {"op": "return", "value": 1}]}},
       {"op": "delegate", "agent": "${agent}", "call_id": "beyond", "lease": {"model.use": ["tier-slow/*"]}, "input": {"steps": [{"op": "return", "value": 2}]}},
       {"op": "return", "value": "on"}]
      """
    Then the call "within" has started a child that succeeds with 1
    And the call "beyond" is refused with LEASE_SUBSET_VIOLATION
