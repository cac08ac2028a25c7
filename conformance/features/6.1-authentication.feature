Feature: §6.1 Authentication
  The bearer token of session.hello's payload.auth.token opens a session, and nothing else does.

  @arcp-6.1-01 @must @R6.1-1
  Scenario: The bearer token opens a session
    Given a connection "A" without a hello
    When "A" says hello
    Then "A" is welcomed
    And a job of "A" still works

  @arcp-6.1-02 @must @R6.1-2
  Scenario Outline: There is no session without the token: <what>
    Given a session "good"
    And a job of "good" works
    And a connection "bad" without a hello
    When "bad" says hello with the members <members>
    Then "bad" is not let in
    And a job of "good" still works

    Examples:
      | what                                  | members                                                                                          |
      | no auth                               | {"auth": null}                                                                                   |
      | an empty auth                         | {"auth": {}}                                                                                     |
      | no token                              | {"auth": {"scheme": "bearer"}}                                                                   |
      | an empty token                        | {"auth": {"scheme": "bearer", "token": ""}}                                                      |
      | a token of spaces                     | {"auth": {"scheme": "bearer", "token": "   "}}                                                   |
      | a wrong token                         | {"auth": {"scheme": "bearer", "token": "wrong-token-7f3a"}}                                      |
      | the token and one character more      | {"auth": {"scheme": "bearer", "token": "${token}x"}}                                             |
      | the token as a list                   | {"auth": {"scheme": "bearer", "token": ["${token}"]}}                                            |
      | a number                              | {"auth": {"scheme": "bearer", "token": 0}}                                                       |
      | true                                  | {"auth": {"scheme": "bearer", "token": true}}                                                    |
      | the scheme basic                      | {"auth": {"scheme": "basic", "token": "${token}"}}                                               |
      | the scheme anonymous                  | {"auth": {"scheme": "anonymous"}}                                                                |
      | the scheme none                       | {"auth": {"scheme": "none", "token": ""}}                                                        |
      | the token as auth                     | {"auth": "${token}"}                                                                             |
      | the token beside auth                 | {"auth": {"scheme": "bearer"}, "token": "${token}"}                                              |
      | the token as a password               | {"auth": {"scheme": "bearer", "password": "${token}", "bearer": "${token}"}}                     |
      | the token in the client's description | {"auth": {"scheme": "bearer"}, "client": {"name": "examplectl", "version": "1", "token": "${token}"}} |

  @arcp-6.1-03 @must @R6.1-2
  Scenario: The token in the envelope is no token
    Given a session "good"
    And a job of "good" works
    And a connection "bad" without a hello
    When "bad" says hello with the envelope fields {"token": "${token}", "auth": {"scheme": "bearer", "token": "${token}"}} with the members {"auth": {"scheme": "bearer"}}
    Then "bad" is not let in
    And a job of "good" still works

  @arcp-6.1-04 @must @R6.1-4
  Scenario: A refused token is not repeated, and all are refused in the same words
    Given a session "good"
    And a job of "good" works
    And a connection "near" without a hello
    And a connection "far" without a hello
    When "near" says hello with the members {"auth": {"scheme": "bearer", "token": "${token}Zq7secret"}}
    And "far" says hello with the members {"auth": {"scheme": "bearer", "token": "Zq7secret-of-a-stranger"}}
    Then "near" is not let in
    And "far" is not let in
    And "near" received nothing with "Zq7secret" in it
    And "far" received nothing with "Zq7secret" in it
    And "near" and "far" were refused in the same words

  @arcp-6.1-05 @must @R6.1-4
  Scenario: Nothing that the runtime says repeats the token of a session
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "ordinary"}, {"op": "return", "value": 1}]
      """
    Then the job has emitted a "log" event with {"message": "ordinary"}
    When "A" cancels a job that does not exist
    And "A" submits a job with the members {"agent": "no-such-agent-7f3a"} that does:
      """
      []
      """
    Then "A" received nothing with "${token}" in it

  @arcp-6.1-06 @must @R6.1-3
  Scenario Outline: Nothing is served before the hello: <type>
    Given a connection "A" without a hello
    When "A" sends <type> with:
      """
      <payload>
      """
    Then the message of "A" is not served
    And "A" can still begin, or a new session works
    And no event of a job that "A" received has "stowaway" in it

    Examples:
      | type              | payload                                                                                                           |
      | job.submit        | {"agent": "${agent}", "input": {"steps": [{"op": "log", "message": "stowaway"}, {"op": "return", "value": "stowaway"}]}} |
      | session.ping      | {"nonce": "p_early", "sent_at": "2026-05-13T19:42:13.000Z"}                                                        |
      | job.cancel        | {"job_id": "job_early", "reason": "probe"}                                                                        |
      | session.list_jobs | {}                                                                                                                |
      | job.subscribe     | {"job_id": "job_early"}                                                                                           |
      | session.ack       | {"last_processed_seq": 1}                                                                                         |
      | session.close     | {"reason": "probe"}                                                                                               |
      | session.welcome   | {"resume_token": "rt_mine"}                                                                                       |

  @arcp-6.1-07 @must @R6.1-3 @shared
  Scenario: A connection that is not welcomed cannot touch a running job
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 300}, {"op": "return", "value": "untouched"}]
      """
    And the job is seen to emit a "log" event with {"message": "begun"}
    And a connection "B" without a hello
    And "B" sends job.cancel with the envelope fields {"job_id": "${job}", "session_id": "${session:A}"} with:
      """
      {"job_id": "${job}", "reason": "a stranger's"}
      """
    Then the message of "B" is not served
    And the job has the result "untouched"

  @arcp-6.1-08 @must @R6.1-1 @two @shared
  Scenario: Each principal's token opens a session of its own
    Given a session "A"
    And a connection "B" without a hello
    When "B" says hello with the members {"auth": {"scheme": "bearer", "token": "${token:second}"}}
    Then "B" is welcomed
    And a job of "A" still works
    And a job of "B" still works
    And the sessions "A, B" have ids and resume tokens of their own

  @arcp-6.1-09 @may @R6.1-1
  Scenario Outline: The token under a scheme that is written otherwise: <what>
    Given a session "good"
    And a job of "good" works
    And a connection "A" without a hello
    When "A" says hello with the members <members>
    Then it is noted whether "A" is welcomed
    And a job of "good" still works

    Examples:
      | what          | members                                                          |
      | no scheme     | {"auth": {"token": "${token}"}}                                  |
      | capitals      | {"auth": {"scheme": "Bearer", "token": "${token}"}}              |
      | a prefix      | {"auth": {"scheme": "bearer", "token": "Bearer ${token}"}}       |
