"""The table of faults: what is done to the service, what must come of it, and the tests that do it.

The rows stand here; the tests are read from their own source: `@pytest.mark.fault("F05")`. `python -m tests.house.fault_table`
writes the page anew, and leaves what stands below `FIGURES` as it found it: that is the random driver's to write.
"""

from collections.abc import Iterable
from pathlib import Path

from tests.house.marks import TESTS, Mark, marked, proofs
from workflows.words import Text

PAGE = Path(__file__).parents[2] / "deploy" / "handbook" / "faults.md"
FIGURES = "## 随机故障 The random driver\n"
NOT_YET = "还没有 not yet"

#: row | what is done, in Chinese | in English | what must come of it, in Chinese | in English.
TABLE = """
F01 | 写入之后、提交之前，杀掉接口进程 | The counter is killed between INSERT and COMMIT | 没有留下；对方重发，作为新事件收下 | Nothing is left; the repeat is taken in as new
F02 | 提交之后、答复之前，杀掉接口进程 | The counter is killed after COMMIT, before its reply | 重发得到“已收过”，只办理一次 | The repeat is a duplicate, applied once
F03 | 唤醒之后、答复之前，杀掉接口进程 | The counter is killed after the ring, before its reply | 同上 | The same
F04 | 随时杀掉工作进程的主进程 | A worker's main process is killed at any instant | 不丢、不重，积压10秒内办完 | Nothing lost, nothing twice, backlog gone in 10 s
F05 | 在办理的每一个断点杀掉子进程 | A pool child is killed at every fail point of its work | 要么全部回退，要么全部生效；3秒内恢复，已领取的等租约到期 | Rolled back or fully applied; work resumes in 3 s, leased rows when the lease is over
F06 | 同时杀掉一台主机上的全部工作进程 | Every worker process of a host is killed at once | 同F04 | As F04
F07 | 工作进程在事务当中被冻结30秒 | A worker is frozen for 30 s in the middle of a transaction | 数据库放开这一行，醒来的进程回退，只办理一次 | The database frees the row, the waking worker rolls back, applied once
F08 | 定时进程被杀、停十分钟、同时两个 | Beat is killed, away for ten minutes, or there twice | 期限照样到期，最多迟5秒；两个不多办 | Deadlines fire all the same, at most 5 s late; two beats change nothing
F09 | 消息服务器在负载下被杀、停十分钟 | The broker is killed under load, or away for ten minutes | 接口照收，谁也不等它；恢复后30秒内办完 | The counter keeps accepting and waits for nobody; drained within 30 s of its return
F10 | 消息服务器停止、重启、磁盘或者内存告警 | The broker stops, restarts, or raises its disk or memory alarm | 同F09；没有线程卡住5秒以上 | As F09; no thread hangs for more than 5 s
F11 | 消息服务器数据全部清空 | The broker comes back empty | 什么都不丢，队列重新建立 | Nothing is lost, the queues are declared anew
F12 | 工作进程与消息服务器之间静默断开60秒 | A silent cut between worker and broker for 60 s | 30秒内察觉，恢复后5秒内继续，不重 | Noticed within 30 s, resumed within 5 s, nothing twice
F13 | 接口与消息服务器之间静默断开 | A silent cut between counter and broker | 收件不受影响，唤醒5秒内放弃并计数 | Intake is unaffected; rings give up within 5 s and are counted
F14 | 工作进程与数据库之间静默断开60秒 | A silent cut between worker and database for 60 s | 20秒内了结，重做，不重 | Over within 20 s, done again, nothing twice
F15 | 接口与数据库之间静默断开 | A silent cut between counter and database | 5秒内答复503并说明何时再试，绝不答复202 | 503 with Retry-After within 5 s, never 202
F16 | 数据库被杀、立即停止、重启 | The database is killed, stopped at once, restarted | 停机期间503，不丢，恢复后5秒内成功 | 503 while it is down, nothing lost, first success within 5 s
F18 | 提交的答复丢失 | The reply to COMMIT is lost | 结果不明，按编号重发来决定，不重 | The outcome is unknown; the repeat by its id decides, nothing twice
F19 | 死锁、串行化失败、等锁超时 | Deadlock, lost serialization, lock timeout | 最多五次，间隔随机；然后409或者503，绝不只办一半 | At most five tries at random intervals; then 409 or 503, never half-applied
F21 | 在每一次写入处杀掉SQLite的写者 | The SQLite writer is killed at every write | 数据库完整，案卷链完整 | The database is whole, and so are the histories
F23 | 长时间读占住SQLite的日志；八个进程争写 | A long reader holds SQLite's log; eight processes write | 日志不超过256MB，等待不超过5秒，没有人看到“已锁定” | The log stays below 256 MB, waits below 5 s, nobody is told "locked"
F24 | SQLite低于3.51.3 | An SQLite older than 3.51.3 | 不用WAL，改用TRUNCATE和EXTRA，并说明 | No WAL: TRUNCATE and EXTRA, and it says so
F25 | 空的、残缺的、不是JSON的、巨大的消息 | A message that is empty, torn, no JSON, or huge | 工作进程照常，消息搁置并计数 | The worker lives, the message is set aside and counted
F26 | 重复十次、乱序、旧版本、不认识的任务 | Ten times over, reordered, from older code, of an unknown name | 只生效一次；不认识的进死信 | One effect; the unknown goes to the dead letters
F27 | 总是出错的事件 | An event whose work always fails | 八次之后隔离，带代码；其他不受影响 | Set aside after eight tries with its code; others unaffected
F28 | 每次都让进程崩溃的事件 | An event that kills its process each time | 三次之后隔离，不反复重启 | Set aside after three, no storm of restarts
F29 | 永远办不完的事件 | An event whose work never ends | 60秒强制结束，然后同F28 | Ended by force after 60 s, then as F28
F30 | 外部渠道很慢或者不通 | An outside channel is slow or dead | 其他渠道不受影响，租约之内不重发 | Other channels unaffected, nothing sent twice within its lease
F31 | 送出之后、记下之前被杀 | Killed between sending and marking | 同一个键，只生效一次 | The same key, one effect
F32 | 对方收下之后却答复500 | The receiver accepts and answers 500 | 以同一个键重发，只生效一次 | Repeated under the same key, one effect
F33 | 时钟跳动、闰日、工作进程之间差两分钟 | Clocks jump, leap days, workers two minutes apart | 从不提前，迟到不超过规定 | Never early, never later than promised
F34 | 十万个期限同一秒到期 | A hundred thousand deadlines due in one second | 每秒200个以上，按顺序，各一次 | 200 a second or more, in order, once each
F35 | 期限与经办人同时动手 | A deadline and a person at the same moment | 各办一次，先后分明；页面过时的一方得到409和理由 | Each is done once, one after the other; whoever's page was stale is told why by a 409
F36 | 两名经办人同时办同一件事 | Two officers take the same step at once | 一人办成，一人得到409；案卷只记一次 | One succeeds, one has a 409; the history has it once
F37 | 同一个幂等键同时五十次 | One idempotency key fifty times at once | 一次生效，五十个相同的答复；内容不同的409 | One effect, fifty equal answers; other content has a 409
F38 | 同一个编号，内容不同 | The same event id with other content | 409，原件不动 | 409, the original stands
F39 | 同一企业六个事件的720种先后 | Six events of one enterprise in all 720 orders | 结果相同，或者明确等待 | The same end, or it says that it waits
F42 | 恢复旧备份 | An old backup is restored | 与留存在外的检查点不符，并说出从第几条起缺失 | Found by a checkpoint kept elsewhere, which says from which entry on there is nothing
F43 | 改一行、删一行、插一行、对调、连散列一起重算 | A line edited, deleted, put in, swapped, or hashed anew with all that follows | 全部发现，指出第一处 | Each is found, and the first wrong entry named
F44 | 数据库所有者动手，触发器也拦不住 | The database's owner does it, whom no trigger stops | 由留存在外的检查点发现 | Found by a checkpoint kept elsewhere
F45 | 给两个人看两本不同的账 | Two different logs are shown to two people | 见证人拒绝第二本 | The witness refuses the second
F46 | 长时间运行，百分之一出错，十次断开 | A long run, one in a hundred failing, ten broken connections | 主进程内存增长不超过20MB | The main process grows by less than 20 MB
F47 | 负载下正常停止 | A polite stop under load | 不丢，60秒内退出 | Nothing lost, gone within 60 s
F48 | 消息服务器还占着旧连接时，工作进程同名重启 | A worker restarts under its name while the broker holds its old connection | 5秒内就绪 | Up within 5 s
F49 | 连接池用尽 | The connection pool is exhausted | 5秒内503，然后恢复 | 503 within 5 s, then it recovers
F50 | 十万个不合要求的请求 | A hundred thousand bad requests | 没有一个5xx；每个4xx说出字段和代码 | No 5xx; every 4xx names field and code
"""

HEAD = """# Faults

故障对照表：每一种故障怎样制造、应有怎样的结果、由哪些测试证明。本页由程序生成，请勿手改。

What is done to the service, what must come of it, and the tests that do it. This page is generated from the tests by
`make fault-table`; nobody edits it. Tests are named as they lie below `tests/`; those in `tests/crash/` run under
`make test-crash`, on SQLite with the embedded broker and on PostgreSQL with RabbitMQ.

| 号 row | 故障 fault | 结果 outcome | 证明 proved by |
|---|---|---|---|
"""


def rows() -> dict[str, tuple[Text, Text]]:
    """What is done and what must come of it, by row, in the order of the page."""
    found = {}
    for line in filter(None, TABLE.splitlines()):
        row, zh, en, outcome_zh, outcome_en = (part.strip() for part in line.split(" | "))
        found[row] = Text(zh, en), Text(outcome_zh, outcome_en)
    return found


def marks(tests: Path = TESTS) -> list[Mark]:
    """Every `@pytest.mark.fault(...)` in the source of the tests."""
    return marked("fault", tests)


def table(found: Iterable[Mark]) -> str:
    """The page down to the figures."""
    proven = proofs(found)
    lines = []
    for row, (fault, outcome) in rows().items():
        by = "<br>".join(f"`{name}`" for name in proven.get(row, [])) or NOT_YET
        lines.append(f"| {row} | {fault.zh}<br>{fault.en} | {outcome.zh}<br>{outcome.en} | {by} |")
    return HEAD + "\n".join(lines) + "\n"


def figures(page: str) -> str:
    """What the random driver wrote at the end of the page; empty while it has not."""
    _, heading, rest = page.partition(FIGURES)
    return heading + rest


if __name__ == "__main__":
    kept = figures(PAGE.read_text("utf-8")) if PAGE.exists() else ""
    PAGE.write_text(table(marks()) + (f"\n{kept}" if kept else ""), "utf-8")
