Feature: §10 Delegation
  An agent hands a part of its lease on to a sub-agent, which is a job of its own. Both agents are the scripted one.

  @arcp-10-01 @must @R10-1
  Scenario: A child runs under its own job_id and the lease that it was given
    Given a session "A"
    When "A" submits a job under the lease {"agent.delegate": ["${agent}"], "tool.call": ["search", "delete"]} that does:
      """
      [{"op": "delegate", "agent": "${agent}", "call_id": "child", "lease": {"tool.call": ["search"]},
        "input": {"steps": [{"op": "tool", "name": "search", "fatal": true}, {"op": "return", "value": "within"}]}},
       {"op": "delegate", "agent": "${agent}", "call_id": "beyond", "lease": {"tool.call": ["search"]},
        "input": {"steps": [{"op": "tool", "name": "delete", "fatal": true}, {"op": "return", "value": "beyond"}]}},
       {"op": "tool", "name": "delete", "call_id": "own"},
       {"op": "return", "value": "parent"}]
      """
    Then the call "child" has started a child that succeeds with "within"
    And the call "beyond" has started a child that fails with PERMISSION_DENIED
    And the call "own" has a result (R9.3-1)
    And the job has the result "parent"
    And every job of "A" has one ending and is silent after it

  @arcp-10-02 @must @R10-1 @feature:list_jobs
  Scenario: A listing tells the parent of a child
    Given a session "A"
    When "A" submits a job under the lease {"agent.delegate": ["${agent}"]} that does:
      """
      [{"op": "delegate", "agent": "${agent}", "call_id": "child", "lease": {}, "input": {"steps": [{"op": "return", "value": 1}]}}, {"op": "return", "value": 2}]
      """
    Then the call "child" has started a child that succeeds with 1
    And the job has the result 2
    When "A" lists its jobs
    Then the listing of "A", where it has the child of the call "child", tells its parent

  @arcp-10-03 @must @R10-1 @R9.3-1
  Scenario: Only who may delegate to that agent does
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["search"]} that does:
      """
      [{"op": "tool", "name": "search", "call_id": "tool"},
       {"op": "delegate", "agent": "${agent}", "call_id": "child", "lease": {"tool.call": ["search"]}, "input": {"steps": [{"op": "return", "value": 1}]}},
       {"op": "return", "value": "on"}]
      """
    Then the call "tool" has a result (R9.3-1)
    And the call "child" is refused with PERMISSION_DENIED (R9.3-1)
    And the job has the result "on"
    When "A" submits a job under the lease {"tool.call": ["search"], "agent.delegate": ["${agent}"]} that does:
      """
      [{"op": "delegate", "agent": "${agent}", "call_id": "child", "lease": {"tool.call": ["search"]}, "input": {"steps": [{"op": "return", "value": 1}]}}]
      """
    Then the call "child" has started a child that succeeds with 1

  @arcp-10-04 @must @R10-2 @feature:list_jobs
  Scenario Outline: A child does not outlive its parent: <what>
    Given a session "A"
    When "A" submits the job "parent" under the lease {"agent.delegate": ["${agent}"]} that does:
      """
      [{"op": "delegate", "agent": "${agent}", "call_id": "child", "wait": false, "lease": {}, "input": {"steps": [{"op": "sleep", "ms": 20000}]}},
       {"op": "log", "message": "begun"}, <step>]
      """
    And the job "parent" is seen to emit a "log" event with {"message": "begun"}
    And "A" cancels the job "parent"
    Then the job "parent" comes to an end
    When "A" lists the jobs with {"status": ["running", "pending"]}
    Then the listing of "A" does not have the child of the call "child"
    And a job of "A" still works

    Examples:
      | what              | step                     |
      | it is cancelled   | {"op": "await_cancel"}   |
      | it returns        | {"op": "return"}         |
