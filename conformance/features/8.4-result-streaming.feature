Feature: §8.4 Result streaming
  The chunks of a streamed result, each decoded by itself and put together in the order of their numbers, are the agent's
  bytes; the ending refers to them, and nothing else than a whole stream is ever called a success.

  The bytes that a scenario expects are those that its script writes, by the contract of the scripted agent.

  Rule: A whole stream

    @arcp-8.4-01 @must @R8.4-6 @R8.4-4 @R8.4-3 @R8.4-1 @feature:result_chunk
    Scenario Outline: An empty result, as <encoding>
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"<encoding>"}, {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole

      Examples:
        | encoding |
        | utf8     |
        | base64   |

    @arcp-8.4-02 @must @R8.4-6 @R8.4-4 @R8.4-3 @R8.4-1 @feature:result_chunk
    Scenario Outline: One byte, <write>
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"<encoding>"}, {"op":"stream_write",<write>}, {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole

      Examples:
        | encoding | write           |
        | utf8     | "text":"x"      |
        | base64   | "base64":"AA==" |
        | base64   | "base64":"/w==" |

    @arcp-8.4-03 @must @R8.4-6 @R8.4-2 @R8.4-3 @feature:result_chunk
    Scenario Outline: Text of <text> in pieces of <piece>: what falls between two pieces is a character
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"},
         {"op":"stream_write","text":"<text>","times":<times>,"piece":<piece>},
         {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole

      Examples:
        | text | times | piece |
        | é    | 100   | 1     |
        | €    | 80    | 1     |
        | €    | 80    | 2     |
        | 😀   | 60    | 1     |
        | 😀   | 60    | 2     |
        | 😀   | 60    | 3     |
        | aé€😀 | 40    | 1     |
        | aé€😀 | 40    | 2     |
        | aé€😀 | 40    | 3     |
        | aé€😀 | 40    | 7     |

    @arcp-8.4-04 @must @R8.4-6 @feature:result_chunk
    Scenario Outline: Text that is awkward in JSON, in pieces of <piece>
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"},
         {"op":"stream_write","piece":<piece>,"times":3,
          "text":"\u0000\u0001\u001f \"\\\/ \b\f\n\r\t \u007f\u0085\u2028\u2029 \ufeff\ue000\uffff \ud83d\ude00\ud83c\udff3 e\u0301 <&>"},
         {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole

      Examples:
        | piece |
        | 1     |
        | 5     |
        | 1000  |

    @arcp-8.4-05 @must @R8.4-6 @R8.4-2 @R8.4-3 @feature:result_chunk
    Scenario Outline: Every value of a byte, in pieces of <piece>
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"base64"},
         {"op":"stream_write","piece":<piece>,"base64":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+/w=="},
         {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole

      Examples:
        | piece |
        | 1     |
        | 2     |
        | 7     |
        | 256   |

    @arcp-8.4-06 @must @R8.4-6 @R8.4-2 @R8.4-7 @feature:result_chunk
    Scenario Outline: <size> bytes of noise in pieces of <piece>
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"base64"},
         {"op":"stream_write","generate":{"seed":"noise","size":<size>},"piece":<piece>},
         {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole

      Examples:
        | size  | piece |
        | 2     | 1     |
        | 3     | 2     |
        | 1000  | 10    |
        | 65537 | 4096  |

    @arcp-8.4-07 @must @R8.4-2 @R8.4-3 @R8.4-6 @feature:result_chunk
    Scenario: Three hundred writes come in their order
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"},
         {"op":"repeat","times":300,"steps":[{"op":"stream_write","text":"line ${i}\n"}]},
         {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole

    @arcp-8.4-08 @must @R8.4-6 @R14-3 @feature:result_chunk
    Scenario: More than a megabyte of text, in pieces that cut characters
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"},
         {"op":"stream_write","text":"€","times":524288,"piece":65536},
         {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole
      And no chunk of the job has more than 2097152 bytes

    # A runtime may cut what is written at once, or find it too large for one chunk: then the agent lets the refusal end the job.
    @arcp-8.4-09 @must @R8.4-6 @R8.4-8 @R14-3 @feature:result_chunk
    Scenario Outline: 2.2 megabytes at once, across any cap near one: <encoding>
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"<encoding>"}, {"op":"stream_write","fatal":true,<write>}, {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole, or the job ends with INTERNAL_ERROR
      And no chunk of the job has more than 2097152 bytes
      And a job of "A" still works

      Examples:
        | encoding | write                                       |
        | utf8     | "text":"€","times":750001                   |
        | base64   | "generate":{"seed":"large","size":2250001}  |

    @arcp-8.4-10 @must @R8.4-6 @R8.4-7 @feature:result_chunk @volume @alone
    Scenario: 8 MiB
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"base64"},
         {"op":"stream_write","fatal":true,"generate":{"seed":"volume","size":8388608},"piece":262144},
         {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole, or the job ends with INTERNAL_ERROR
      And "A" still answers

    @arcp-8.4-11 @must @R8.4-9 @R8.4-6 @R8.4-2 @feature:result_chunk
    Scenario: Two jobs stream at once
      Given a session "A"
      When "A" submits the job "J" that does:
        """
        [{"op":"stream_open","encoding":"utf8"},
         {"op":"repeat","times":40,"steps":[{"op":"stream_write","text":"J€${i}."},{"op":"sleep","ms":3}]},
         {"op":"stream_close"}]
        """
      And "A" submits the job "K" that does:
        """
        [{"op":"stream_open","encoding":"base64"},
         {"op":"repeat","times":40,"steps":[{"op":"stream_write","text":"K😀${i}."},{"op":"sleep","ms":3}]},
         {"op":"stream_close"}]
        """
      Then the streamed result of the job "J" is whole
      And the streamed result of the job "K" is whole
      And the jobs "J" and "K" have streamed under ids of their own

    @arcp-8.4-12 @should @R8.4-1 @feature:result_chunk
    Scenario: Text goes out as utf8, and bytes as base64
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"text"}, {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole
      And the chunks of the job are better encoded as utf8
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"base64"}, {"op":"stream_write","base64":"AP8="}, {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole
      And the chunks of the job are better encoded as base64

    @arcp-8.4-13 @may @R8.4-4 @feature:result_chunk
    Scenario: The summary stands in the ending
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"text"},
         {"op":"stream_close","summary":"A text of one word."}]
        """
      Then the streamed result of the job is whole
      And it is told whether the ending has the summary "A text of one word."

    @arcp-8.4-14 @must @R8.4-4 @R8.4-5 @feature:result_chunk
    Scenario: Other events may stand between the chunks
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"},
         {"op":"repeat","times":5,"steps":[{"op":"stream_write","text":"part ${i} "},{"op":"log","message":"wrote ${i}"}]},
         {"op":"stream_close"}, {"op":"log","message":"closed"}, {"op":"return","value":null}]
        """
      Then the streamed result of the job is whole
      And the job has emitted 6 "log" events

  Rule: A broken stream is no success

    @arcp-8.4-20 @must @R8.4-5 @R8.4-4 @feature:result_chunk
    Scenario: An inline value after a stream
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "}, {"op":"stream_write","text":"two"},
         {"op":"stream_close"}, {"op":"return","value":{"inline":42}}]
        """
      Then the streamed result of the job is whole, or the job ends in an error
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "}, {"op":"stream_write","text":"two"},
         {"op":"stream_close"}, {"op":"return","value":null}]
        """
      Then the streamed result of the job is whole

    @arcp-8.4-21 @must @R8.4-5 @R8.4-3 @feature:result_chunk
    Scenario: An inline value while the stream is open
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "}, {"op":"stream_write","text":"two"},
         {"op":"return","value":{"inline":42}}]
        """
      Then the streamed result of the job is whole, or the job ends in an error
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "}, {"op":"stream_write","text":"two"},
         {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole

    @arcp-8.4-22 @must @R8.4-3 @feature:result_chunk
    Scenario: A chunk after the last
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "}, {"op":"stream_write","text":"two"},
         {"op":"stream_close"},
         {"op":"raw","kind":"result_chunk","body":{"result_id":"${result_id}","chunk_seq":2,"data":"late","encoding":"utf8","more":false}},
         {"op":"raw","kind":"result_chunk","body":{"result_id":"${result_id}","chunk_seq":3,"data":"late","encoding":"utf8","more":false}},
         {"op":"stream_write","text":"late"}]
        """
      Then the streamed result of the job is whole, or the job ends in an error
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "}, {"op":"stream_write","text":"two"},
         {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole

    @arcp-8.4-23 @must @R8.4-2 @feature:result_chunk
    Scenario Outline: A chunk whose number is not the next one: <seq>
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "},
         {"op":"raw","kind":"result_chunk","body":{"result_id":"${result_id}","chunk_seq":<seq>,"data":"lost","encoding":"utf8","more":true}},
         {"op":"stream_write","text":"two"}, {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole, or the job ends in an error
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "},
         {"op":"stream_write","text":"two"}, {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole

      Examples:
        | seq |
        | 7   |
        | -1  |
        | 1.5 |

    @arcp-8.4-24 @must @R8.4-9 @feature:result_chunk
    Scenario Outline: A chunk under another result_id, numbered <seq>
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "},
         {"op":"raw","kind":"result_chunk","body":{"result_id":"res_of_another_job","chunk_seq":<seq>,"data":"other","encoding":"utf8","more":true}},
         {"op":"stream_write","text":"two"}, {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole, or the job ends in an error
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "},
         {"op":"stream_write","text":"two"}, {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole

      Examples:
        | seq |
        | 0   |
        | 1   |

    @arcp-8.4-25 @must @R8.4-3 @R8.4-8 @feature:result_chunk
    Scenario Outline: A stream that <how>
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "}, {"op":"stream_write","text":"half"}<then>]
        """
      Then the streamed result of the job is whole, or the job ends in an error
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "}, {"op":"stream_write","text":"half"},
         {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole
      And "A" still answers

      Examples:
        | how                 | then                                         |
        | is abandoned        | ,{"op":"stream_abandon"}                     |
        | is never closed     |                                              |
        | is left by a return | ,{"op":"return","value":null}                |

    @arcp-8.4-26 @must @R8.4-8 @R7.3-1 @feature:result_chunk
    Scenario Outline: A job that <how> in the middle of its stream
      Given a session "A"
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "}, {"op":"stream_write","text":"half"},
         <then>]
        """
      Then the streamed result of the job is whole, or the job ends in an error
      And the job ends with the error <code> (R8.4-8)
      When "A" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "}, {"op":"stream_write","text":"half"},
         {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole

      Examples:
        | how     | then                                                                                         | code              |
        | fails   | {"op":"fail","code":"PERMISSION_DENIED","message":"the source is closed","retryable":false} | PERMISSION_DENIED |
        | crashes | {"op":"crash","how":"error","message":"out of paper"}                                        | INTERNAL_ERROR    |

    @arcp-8.4-27 @must @R8.4-8 @R14-3 @feature:result_chunk
    Scenario: A chunk of 2.2 megabytes by itself
      Given a session "A"
      When "A" submits a job that emits a chunk of 2200000 bytes by itself
      Then the chunk that is too large came to nothing
      And a job of "A" still works

  Rule: A stream that was not negotiated

    @arcp-8.4-30 @must @R6.2-3 @feature:result_chunk
    Scenario: No chunk goes to a session without the feature
      Given a session "A" with only the features "heartbeat"
      And a session "B"
      When "A" submits a job that does:
        """
        [{"op":"log","message":"about to stream"},
         {"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "}, {"op":"stream_write","text":"two"},
         {"op":"stream_close"}]
        """
      Then the job has emitted a "log" event with {"message":"about to stream"}
      And the job has emitted 0 "result_chunk" events (R6.2-3)
      When "B" submits a job that does:
        """
        [{"op":"stream_open","encoding":"utf8"}, {"op":"stream_write","text":"one "}, {"op":"stream_write","text":"two"},
         {"op":"stream_close"}]
        """
      Then the streamed result of the job is whole
