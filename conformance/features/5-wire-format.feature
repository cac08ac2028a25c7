Feature: §5 Wire format
  Every message is one JSON object with the fields of the envelope where they belong. A top-level field that nobody
  defined changes nothing, and what is no message harms nobody but its sender.

  @arcp-5-01 @must @R5-1
  Scenario: Every message of a session is an envelope
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "one"}, {"op": "status", "phase": "working"}, {"op": "return", "value": {"n": 1}}]
      """
    Then the job ends in success
    And the job has emitted a "log" event with {"message": "one"}
    When "A" cancels a job that does not exist
    Then "A" is refused with JOB_NOT_FOUND (R7.4-3)
    And every message that "A" received is a sound envelope

  @arcp-5-02 @must @R5-2
  Scenario: A hello with fields that nobody defined is welcomed
    Given a connection "A" without a hello
    When "A" says hello with the envelope fields {"x_next": {"deep": [1, {"a": null}]}, "priority": 9, "ttl": null, "": true}
    Then "A" is welcomed
    And a job of "A" still works

  @arcp-5-03 @must @R5-2
  Scenario: A submit with fields that nobody defined starts the job
    Given a session "A"
    When "A" submits a job with the envelope fields {"x_next": [[], {}], "event_sequence": 77, "kind": "log", "jobid": "no"} that does:
      """
      [{"op": "log", "message": "unmoved"}, {"op": "return", "value": "as ever"}]
      """
    Then the job is accepted (R5-2)
    And the job has emitted a "log" event with {"message": "unmoved"}
    And the job has the result "as ever"

  @arcp-5-04 @must @R5-2 @R6.4-1 @feature:heartbeat
  Scenario: A ping with fields that nobody defined gets its pong
    Given a session "A"
    When "A" sends session.ping with the envelope fields {"x_next": 0.1, "pong": false, "nonce": "not this one"} with:
      """
      {"nonce": "p_this_one", "sent_at": "2026-05-13T19:42:13.000Z"}
      """
    Then "A" gets its nonce back (R5-2)
    And a job of "A" still works

  @arcp-5-05 @must @R5-2
  Scenario: A cancel with fields that nobody defined is answered as one without
    Given a session "A"
    When "A" cancels a job that does not exist
    Then "A" is refused with JOB_NOT_FOUND (R7.4-3)
    When "A" sends job.cancel with the envelope fields {"job_id": "job_01J0000000000000000000000A", "x_next": {"cancel": false}, "reason": 1} with:
      """
      {"job_id": "job_01J0000000000000000000000A", "reason": "probe"}
      """
    Then "A" is refused with JOB_NOT_FOUND
    And a job of "A" still works

  @arcp-5-06 @must @R5-1
  Scenario: White space, the order of fields and escapes are only JSON
    Given a session "A"
    When "A" sends the frame:
      """
        { "payload" : { "reason" : "\u0070robe" , "job_id":"job_01J0000000000000000000000A" } ,
          "job\u005fid" : "job_01J0000000000000000000000A",   "\u0074ype" : "job.c\u0061ncel" ,   "session_id"  :"${session}","id":"${id}",
          "arcp":"1.1" }
      """
    Then the frame of "A" is refused with JOB_NOT_FOUND
    And a job of "A" still works

  @arcp-5-07 @must @R5-3
  Scenario Outline: What is no message harms nothing but itself: <what>
    Given a session "A"
    And a job of "A" works
    When "A" sends the frame:
      """
      <frame>
      """
    Then the frame of "A" is answered or ends the connection
    And a job of "A" still works, on a new connection if the old one ended

    Examples:
      | what                 | frame                                                                                               |
      | broken JSON          | {"arcp":"1.1","id":"${id}",                                                                         |
      | words                | hello                                                                                               |
      | null                 | null                                                                                                |
      | a list               | [{"arcp":"1.1","id":"${id}","type":"session.ping","payload":{"nonce":"n"}}]                         |
      | a string             | "session.ping"                                                                                      |
      | a number             | 42                                                                                                  |
      | an empty object      | {}                                                                                                  |
      | no id                | {"arcp":"1.1","type":"job.submit","session_id":"${session}","payload":{"agent":"${agent}","input":{"steps":[]}}} |
      | no type              | {"arcp":"1.1","id":"${id}","session_id":"${session}","payload":{"agent":"${agent}","input":{"steps":[]}}} |
      | no payload           | {"arcp":"1.1","id":"${id}","type":"job.submit","session_id":"${session}"}                           |
      | a number as type     | {"arcp":"1.1","id":"${id}","type":7,"session_id":"${session}","payload":{}}                         |
      | a list as payload    | {"arcp":"1.1","id":"${id}","type":"job.submit","session_id":"${session}","payload":[]}              |
      | a string as payload  | {"arcp":"1.1","id":"${id}","type":"job.submit","session_id":"${session}","payload":"agent"}         |
      | null as payload      | {"arcp":"1.1","id":"${id}","type":"job.submit","session_id":"${session}","payload":null}            |
      | a number as id       | {"arcp":"1.1","id":5,"type":"job.submit","session_id":"${session}","payload":{"agent":"${agent}"}}  |
      | two objects          | {"arcp":"1.1","id":"${id}","type":"session.nothing","payload":{}} {"and":"more"}                    |
      | single quotes        | {'arcp':'1.1','id':'${id}','type':'session.ping','payload':{}}                                      |

  @arcp-5-08 @must @R5-4
  Scenario Outline: A type that the draft does not define leaves the session usable: <type>
    Given a session "A"
    And a job of "A" works
    When "A" sends the frame:
      """
      {"arcp": "1.1", "id": "${id}", "type": "<type>", "session_id": "${session}", "payload": {"job_id": "${missing job}"}}
      """
    Then the frame of "A" is answered or ends the connection (R5-4)
    And a job of "A" still works

    Examples:
      | type            |
      | job.levitate    |
      | session.hallo   |
      | JOB.SUBMIT      |
      | job.submit.     |
      | session         |
      | x-vendor.thing  |

  @arcp-5-09 @must @R5-4
  Scenario Outline: A message that only a runtime sends does nothing when a client sends it: <type>
    Given a session "A"
    And a job of "A" works
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 200}, {"op": "return", "value": "unharmed"}]
      """
    And the job is seen to emit a "log" event with {"message": "begun"}
    And "A" sends the frame:
      """
      {"arcp": "1.1", "id": "${id}", "type": "<type>", "session_id": "${session}", "job_id": "${job}", "event_seq": 1,
       "payload": {"job_id": "${job}", "final_status": "error", "code": "CANCELLED", "message": "no", "retryable": false}}
      """
    Then the job has the result "unharmed"
    And a job of "A" still works

    Examples:
      | type            |
      | job.result      |
      | job.error       |
      | job.cancelled   |
      | job.accepted    |
      | session.welcome |
      | session.closed  |

  @arcp-5-10 @must @R5-2
  Scenario Outline: The names of fields are exact: <what>
    Given a session "A"
    And a job of "A" works
    When "A" sends the frame:
      """
      {"arcp": "1.1", "id": "${id}", "session_id": "${session}", "job_id": "job_01J0000000000000000000000A", <fields>,
       "payload": {"job_id": "job_01J0000000000000000000000A", "reason": "probe"}}
      """
    Then the frame of "A" is never served as session.close
    And a job of "A" still works, on a new connection if the old one ended

    Examples:
      | what                      | fields                                              |
      | a second TYPE behind type | "type": "job.cancel", "TYPE": "session.close"       |
      | a Type before type        | "Type": "session.close", "type": "job.cancel"       |
      | a tYPE between others     | "tYPE": "session.close", "x": 1, "type": "job.cancel" |

  @arcp-5-11 @may @R5-1
  Scenario: A field that stands twice
    Given a session "A"
    When "A" sends the frame:
      """
      {"arcp": "1.1", "id": "${id}", "session_id": "${session}", "type": "session.close", "type": "job.cancel",
       "job_id": "job_01J0000000000000000000000A",
       "payload": {"job_id": "job_01J0000000000000000000000A", "reason": "probe"}}
      """
    Then it is noted how the frame of "A" is taken
    And a job of "A" still works, on a new connection if the old one ended

  @arcp-5-12 @must @R5-1
  Scenario Outline: A number is its value, however it is written: <number>
    Given a session "A"
    When "A" submits a job with the members {"max_runtime_sec": <number>} that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 200}, {"op": "return", "value": "in time"}]
      """
    Then the submit is accepted, or noted as refused
    And the job, if it was accepted, has the result "in time"
    And a job of "A" still works

    Examples:
      | number |
      | 5      |
      | 5.0    |
      | 5e0    |
      | 0.5E+1 |
      | 500e-2 |

  @arcp-5-13 @must @R5-5
  Scenario: No two messages have one id
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "repeat", "times": 30, "steps": [{"op": "log", "message": "${i}"}]}, {"op": "return", "value": 1}]
      """
    Then the messages of the "log" events of the job count from 0 to 29
    When "A" cancels a job that does not exist
    Then "A" is refused with JOB_NOT_FOUND (R7.4-3)
    And no two messages that were received have one id

  @arcp-5-14 @must @R14-7 @shared
  Scenario Outline: A hostile frame stops neither the runtime nor another session: <frame>
    Given a session "A"
    And a session "B"
    When "B" submits the job "other" that does:
      """
      [{"op": "log", "message": "begun"}, {"op": "sleep", "ms": 300}, {"op": "return", "value": "untouched"}]
      """
    And the job "other" is seen to emit a "log" event with {"message": "begun"}
    And "A" sends a frame <frame>
    Then the frame of "A" is answered or ends the connection (R14-7)
    And the job "other" has the result "untouched"
    And a job of "B" still works
    And a new session still works

    Examples:
      | frame                           |
      | nested 100000 deep              |
      | that is not UTF-8               |
      | of 2 MiB                        |
      | with a number of 100000 digits  |
      | of 4096 zero bytes              |

  @arcp-5-15 @must @R14-7 @shared
  Scenario: A flood of frames that are no messages does not reach another session
    Given a session "A"
    And a session "B"
    When "A" sends 500 frames that are no messages
    Then a job of "B" still works
    And a new session still works
    And the numbers of "B" have no gap

  @arcp-5-16 @may @R5-2
  Scenario: A member of the payload that nobody defined
    Given a session "A"
    When "A" submits a job with the members {"x_next": {"a": 1}, "priority": 3} that does:
      """
      [{"op": "return", "value": "as ever"}]
      """
    Then the submit is accepted, or noted as refused
    And the job, if it was accepted, has the result "as ever"
    And a job of "A" still works

  @arcp-5-17 @may @R5-1
  Scenario: A message that names another session
    Given a session "A"
    And a job of "A" works
    When "A" sends the frame:
      """
      {"arcp": "1.1", "id": "${id}", "type": "job.submit", "session_id": "sess_of_nobody",
       "payload": {"agent": "${agent}", "input": {"steps": [{"op": "log", "message": "a stray job"}]}}}
      """
    Then it is noted how the frame of "A" is taken
    And a job of "A" still works, on a new connection if the old one ended
