Feature: §8.2 Event kinds
  What the agent says arrives as it said it, in the shape of the draft's table, with every digit.

  @arcp-8.2-01 @must @R8.2-1
  Scenario Outline: What the agent emits arrives unchanged: <kind>, <what>
    Given a session "A"
    When "A" submits a job that does:
      """
      [<step>, {"op": "return", "value": "done"}]
      """
    Then the job ends in success (R7.3-1)
    And the "<kind>" events of the job are:
      """
      [<body>]
      """
    And every event of the job is a sound event

    Examples:
      | kind         | what            | step | body |
      | log          | a level         | {"op": "log", "level": "error", "message": "disk full"} | {"level": "error", "message": "disk full"} |
      | log          | no level        | {"op": "log", "message": "plain"} | {"level": "info", "message": "plain"} |
      | log          | hard characters | {"op": "log", "message": "ünïcödé ☃ 🚀 \" \\\\ \\u2028 </script> end"} | {"message": "ünïcödé ☃ 🚀 \" \\\\ \\u2028 </script> end"} |
      | thought      | words           | {"op": "thought", "text": "perhaps"} | {"text": "perhaps"} |
      | status       | a phase         | {"op": "status", "phase": "indexing"} | {"phase": "indexing"} |
      | status       | a message       | {"op": "status", "phase": "indexing", "message": "3 of 4"} | {"phase": "indexing", "message": "3 of 4"} |
      | metric       | a number        | {"op": "metric", "name": "rows", "value": 12} | {"name": "rows", "value": 12} |
      | metric       | a unit          | {"op": "metric", "name": "latency", "value": 1.5, "unit": "ms"} | {"name": "latency", "value": 1.5, "unit": "ms"} |
      | metric       | dimensions      | {"op": "metric", "name": "hits", "value": 0, "dimensions": {"zone": "eu", "tier": "a"}} | {"name": "hits", "value": 0, "dimensions": {"zone": "eu", "tier": "a"}} |
      | artifact_ref | all of it       | {"op": "artifact", "uri": "s3://bucket/report.pdf", "content_type": "application/pdf", "byte_size": 1048576, "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"} | {"uri": "s3://bucket/report.pdf", "content_type": "application/pdf", "byte_size": 1048576, "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"} |
      | artifact_ref | the least       | {"op": "artifact", "uri": "file:///tmp/x", "content_type": "text/plain"} | {"uri": "file:///tmp/x", "content_type": "text/plain"} |

  @arcp-8.2-02 @must @R8.2-1 @feature:progress
  Scenario Outline: Progress arrives unchanged: <what>
    Given a session "A"
    When "A" submits a job that does:
      """
      [<step>, {"op": "return", "value": "done"}]
      """
    Then the job ends in success (R7.3-1)
    And the "progress" events of the job are:
      """
      [<body>]
      """

    Examples:
      | what         | step                                                                                     | body                                                                     |
      | all of it    | {"op": "progress", "current": 47, "total": 120, "units": "files", "message": "middleware"} | {"current": 47, "total": 120, "units": "files", "message": "middleware"} |
      | the least    | {"op": "progress", "current": 0}                                                         | {"current": 0}                                                           |
      | the whole    | {"op": "progress", "current": 7, "total": 7}                                             | {"current": 7, "total": 7}                                               |

  @arcp-8.2-03 @must @R8.2-1
  Scenario Outline: Numbers keep their value to the last digit: <number>
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "metric", "name": "precise", "value": <number>}, {"op": "return", "value": "done"}]
      """
    Then the "metric" events of the job are:
      """
      [{"name": "precise", "value": <number>}]
      """
    And the job has the result "done" (R7.3-1)

    Examples:
      | number           |
      | 0.1              |
      | 0.3              |
      | 0.00000015       |
      | 1.5e-7           |
      | 5e0              |
      | 999999999999999  |
      | 123456.789012345 |
      | 0.70             |

  @arcp-8.2-04 @may @R8.2-1
  Scenario Outline: Numbers of more than fifteen digits: <number>
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "metric", "name": "precise", "value": <number>}, {"op": "return", "value": "done"}]
      """
    Then the job ends in success (R7.3-1)
    And it is noted whether the "metric" event of the job has {"name": "precise", "value": <number>}

    Examples:
      | number                 |
      | 4.4999999999999993e-07 |
      | 12345678901234567890   |
      | 0.1000000000000000055  |

  @arcp-8.2-05 @must @R8.2-3 @feature:progress
  Scenario Outline: A progress that is negative or no number is refused to the agent: <current>
    Given a session "A"
    When "A" submits a job that does:
      """
      [
        {"op": "raw", "kind": "progress", "body": {"current": 1}, "call_id": "good"},
        {"op": "raw", "kind": "progress", "body": {"current": <current>}, "call_id": "bad"},
        {"op": "log", "message": "behind it"},
        {"op": "return", "value": "done"}
      ]
      """
    Then the job comes to an end
    And the "progress" events of the job are:
      """
      [{"current": 1}]
      """
    And the agent of the job heard that "bad" was refused

    Examples:
      | current  |
      | -1       |
      | -0.5     |
      | "5"      |
      | null     |
      | true     |
      | [1]      |

  @arcp-8.2-06 @may @R8.2-4 @feature:progress
  Scenario: A progress beyond its total
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "progress", "current": 9, "total": 3}, {"op": "return", "value": "done"}]
      """
    Then the job comes to an end
    And it is noted whether the "progress" event of the job has {"current": 9, "total": 3}

  @arcp-8.2-07 @should @R8.2-1
  Scenario Outline: A body that is not in the draft's shape: <kind>, <what>
    Given a session "A"
    When "A" submits a job that does:
      """
      [
        {"op": "log", "message": "before it"},
        {"op": "raw", "kind": "<kind>", "body": <body>, "call_id": "bad"},
        {"op": "return", "value": "done"}
      ]
      """
    Then the job comes to an end
    And the job has emitted a "log" event with {"message": "before it"}
    And preferably the job has emitted no "<kind>" event with <body>

    Examples:
      | kind         | what               | body                                             |
      | thought      | no text            | {"mark": "bad"}                                  |
      | thought      | a number as text   | {"text": 7}                                      |
      | status       | no phase           | {"message": "bad"}                               |
      | metric       | no value           | {"name": "bad"}                                  |
      | metric       | a string as value  | {"name": "bad", "value": "1"}                    |
      | metric       | no name            | {"value": 1}                                     |
      | artifact_ref | no uri             | {"content_type": "text/plain"}                   |
      | tool_call    | no call_id         | {"tool": "bad", "args": {}}                      |

  @arcp-8.2-08 @must @R8.2-5
  Scenario: A tool_result answers its tool_call, with a result or with an error
    Given a session "A"
    When "A" submits a job under the lease {"tool.call": ["search"]} that does:
      """
      [
        {"op": "tool", "name": "search", "args": {"q": "draft"}, "call_id": "c1"},
        {"op": "tool", "name": "forbidden", "call_id": "c2"},
        {"op": "tool", "name": "search", "call_id": "c3"},
        {"op": "return", "value": "done"}
      ]
      """
    Then the calls c1, c3 have a result
    And the call "c2" is refused with PERMISSION_DENIED (R9.3-1)
    And the job has emitted a "tool_call" event with {"tool": "search", "call_id": "c1", "args": {"q": "draft"}} (R8.2-1)
    And each tool_result of the job answers a tool_call, with a result or an error

  @arcp-8.2-09 @should @R8.2-5
  Scenario Outline: A tool_result that answers nothing, or says two things: <what>
    Given a session "A"
    When "A" submits a job that does:
      """
      [
        {"op": "log", "message": "before it"},
        {"op": "raw", "kind": "tool_call", "body": {"tool": "t", "args": {}, "call_id": "known"}},
        {"op": "raw", "kind": "tool_result", "body": <body>, "call_id": "bad"},
        {"op": "return", "value": "done"}
      ]
      """
    Then the job comes to an end
    And the job has emitted a "log" event with {"message": "before it"} (R8.2-1)
    And preferably the job has emitted no "tool_result" event with <body>

    Examples:
      | what              | body                                                                                                          |
      | an unknown call   | {"call_id": "unheard-of", "result": 1}                                                                        |
      | both              | {"call_id": "known", "result": 1, "error": {"code": "INTERNAL_ERROR", "message": "both", "retryable": true}}  |
      | neither           | {"call_id": "known", "neither": true}                                                                         |

  @arcp-8.2-10 @may @R8.2-1
  Scenario: A kind that the draft does not define
    Given a session "A"
    When "A" submits a job that does:
      """
      [
        {"op": "log", "message": "before it"},
        {"op": "raw", "kind": "x-vendor.note", "body": {"text": "unheard of"}, "call_id": "odd"},
        {"op": "return", "value": "done"}
      ]
      """
    Then the job comes to an end
    And the job has emitted a "log" event with {"message": "before it"}
    And it is noted whether the "x-vendor.note" event of the job has {"text": "unheard of"}
    And a job of "A" still works

  @arcp-8.2-11 @should @R8.2-1
  Scenario Outline: What the draft lets an agent say arrives, however unusual: <what>
    Given a session "A"
    When "A" submits a job that does:
      """
      [{"op": "log", "message": "before it"}, <step>, {"op": "return", "value": "done"}]
      """
    Then the job comes to an end
    And the job has emitted a "log" event with {"message": "before it"}
    And preferably the job has emitted a "<kind>" event with <body>

    Examples:
      | kind     | what                 | step                                              | body                             |
      | log      | an empty text        | {"op": "log", "message": ""}                      | {"message": ""}                  |
      | log      | a character of 0     | {"op": "log", "message": "a\\u0000b"}             | {"message": "a\\u0000b"}         |
      | metric   | a value below zero   | {"op": "metric", "name": "drift", "value": -2.25} | {"name": "drift", "value": -2.25} |
      | progress | a fraction           | {"op": "progress", "current": 0.25, "total": 1}   | {"current": 0.25, "total": 1}    |
