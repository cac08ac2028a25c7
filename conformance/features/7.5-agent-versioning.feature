Feature: §7.5 Agent versioning
  A bare name means the default that the welcome shows, a name with a version means exactly that one.

  @arcp-7.5-01 @must @R7.5-1 @R7.5-3 @feature:agent_versions
  Scenario: A bare name means the advertised default
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "running"}, {"op": "return", "value": "default"}]
      """
    Then the job runs the default version of the agent
    And the job has the result "default" (R7.3-1)

  @arcp-7.5-02 @must @R7.5-2 @R7.5-3 @feature:agent_versions
  Scenario Outline: A name with a version means that version: <version>
    Given a session "A"
    When "A" submits a job with the members {"agent": "${agent}@<version>"} that does:
      """
      [{"op": "log", "message": "running"}, {"op": "return", "value": "<version>"}]
      """
    Then the job runs the agent "${agent}@<version>" (R7.5-3)
    And the job has the result "<version>"

    Examples:
      | version |
      | 1.0.0   |
      | 2.0.0   |

  @arcp-7.5-03 @must @R7.5-2 @feature:agent_versions
  Scenario Outline: A version that the agent does not have: <version>
    Given a session "A"
    When "A" submits a job with the members {"agent": "${agent}@2.0.0"} that does:
      """
      [{"op": "return", "value": "there"}]
      """
    Then the job has the result "there"
    When "A" submits a job with the members {"agent": "${agent}@<version>"} that does:
      """
      [{"op": "log", "message": "no such version"}]
      """
    Then the submit is refused with AGENT_VERSION_NOT_AVAILABLE
    And no job was started

    Examples:
      | version            |
      | 9.9.9              |
      | 2                  |
      | 2.0                |
      | 2.0.0.0            |
      | 2.0.0-rc.1+build.5 |
      | v2.0.0             |
      | latest             |
      | default            |

  @arcp-7.5-04 @must @R7.5-2
  Scenario Outline: An agent that the runtime does not have: <agent>
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "return", "value": "there"}]
      """
    Then the job has the result "there"
    When "A" submits a job with the members {"agent": "<agent>"} that does:
      """
      [{"op": "log", "message": "no such agent"}]
      """
    Then the submit is refused with AGENT_NOT_AVAILABLE
    And no job was started

    Examples:
      | agent                 |
      | no-such-agent-7f3a    |
      | ${agent}-7f3a         |
      | 0.a_b-c               |

  @arcp-7.5-05 @must @R7.5-2 @feature:agent_versions
  Scenario: A version of an agent that the runtime does not have
    Given a session "A"
    When "A" submits a job with the members {"agent": "${agent}@1.0.0"} that does:
      """
      [{"op": "return", "value": "there"}]
      """
    Then the job has the result "there"
    When "A" submits a job with the members {"agent": "no-such-agent-7f3a@1.0.0"} that does:
      """
      [{"op": "log", "message": "no such agent"}]
      """
    Then the submit is refused with AGENT_NOT_AVAILABLE
    And no job was started

  @arcp-7.5-06 @must @R7.5-4
  Scenario Outline: A reference outside the grammar: <agent>
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "return", "value": "there"}]
      """
    Then the job has the result "there" (R7.3-1)
    When "A" submits a job with the members {"agent": "<agent>"} that does:
      """
      [{"op": "log", "message": "ungrammatical"}]
      """
    Then the submit is refused with INVALID_REQUEST
    And no job was started

    Examples:
      | agent              |
      | Not-Lower          |
      | .leading-dot       |
      | -leading-dash      |
      | _leading           |
      | two words          |
      | path/like          |
      | agént              |
      | ${agent} ;         |
      | ${agent}@1.0.0 ok  |
      | ${agent}@1,0       |
      | ${agent}@1.0.0/x   |

  @arcp-7.5-07 @must @R7.5-4
  Scenario Outline: A reference with a sign too many or a part too few: <agent>
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "return", "value": "there"}]
      """
    Then the job has the result "there" (R7.3-1)
    When "A" submits a job with the members {"agent": "<agent>"} that does:
      """
      [{"op": "log", "message": "ungrammatical"}]
      """
    Then the submit is refused with any code
    And no job was started

    Examples:
      | agent                  |
      | ${agent}@              |
      | @1.0.0                 |
      | @                      |
      | ${agent}@@1.0.0        |
      | ${agent}@1.0.0@2.0.0   |
