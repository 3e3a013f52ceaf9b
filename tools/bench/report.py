# SPDX-License-Identifier: GPL-2.0
"""From figures to ratios, tables and plots."""

import bisect
import os
import subprocess
import tempfile
from collections import namedtuple

HERE = os.path.dirname(os.path.realpath(__file__))
KERNEL = "6.12"     # whose ratios have targets
GROUPS = (0, 4, 16, 128, 1024, 65536)

Target = namedtuple("Target", "about over under compare bound")
Result = namedtuple("Result", "target value met")


# Figures are section:name.  What servers do today is taken without the module, whose
# guards would make it a little dearer.
TARGETS = {
    "pair_vs_floor": Target("impersonate and revert ÷ two calls that do nothing",
                            "loaded:pair/0", "loaded:two_null_ioctls", "<=", 1.20),
    "replace_vs_floor": Target("replace one client by another ÷ a call that does nothing",
                               "loaded:replace/0", "loaded:null_ioctl", "<=", 1.15),
    "samba16_vs_pair": Target("Samba's pattern, 16 groups ÷ impersonate and revert",
                              "absent:samba/16", "loaded:pair/16", ">=", 12),
    "ganesha16_vs_pair": Target("nfs-ganesha's pattern, 16 groups ÷ impersonate and revert",
                                "absent:ganesha/16", "loaded:pair/16", ">=", 6),
    "ganesha1024_vs_pair": Target("the same with 1,024 groups",
                                  "absent:ganesha/1024", "loaded:pair/1024", ">=", 150),
    "broker_vs_open": Target("brokered open and close ÷ plain ones",
                             "loaded:open_brokered/16", "loaded:open/16", "<=", 1.15),
    "others_open": Target("open and close by others, module loaded ÷ absent",
                          "loaded:open_close", "absent:open_close", "<=", 1.01),
    "others_forkexec": Target("fork, exec and wait by others, module loaded ÷ absent",
                              "loaded:fork_exec", "absent:fork_exec", "<=", 1.01),
    "scale4": Target("throughput per processor, 4 on one context ÷ 1",
                     "processors:per_cpu_shared/4", "processors:per_cpu_shared/1",
                     ">=", 0.95),
}
LINES = Target("cache lines that processors on one context contend for, per pair, besides"
               " those of calls that do nothing", None, None, "<=", 0)

MEETS = {"<=": lambda value, bound: value <= bound, ">=": lambda value, bound: value >= bound}
SIGNS = {"<=": "≤", ">=": "≥"}


def value_of(figures, place):
    """With what the kernel puts off, where that was measured."""
    section, _, name = place.partition(":")
    figure = figures.get(section, {}).get(name, {})
    return figure.get("whole", figure.get("value"))


def ratios(all_figures):
    """name -> Result; value None: was not measured, or can't be on this machine."""
    figures = all_figures.get(KERNEL, {})
    results = {}
    for name, target in TARGETS.items():
        over, under = value_of(figures, target.over), value_of(figures, target.under)
        value = round(over / under, 4) if over and under else None
        if name == "scale4" and len(os.sched_getaffinity(0)) < 4:
            value = None    # emulated processors need real ones
        results[name] = Result(target, value, value is not None and
                               MEETS[target.compare](value, target.bound))
    lines = value_of(figures, "lines:lines_of_pair")
    results["scale4_lines"] = Result(LINES, lines, lines == 0)
    return results


# --- cache lines ---------------------------------------------------------------

def read_symbols(path):
    symbols = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            fields = line.split()
            if fields[1] in "tTwW":
                symbols.append((int(fields[0], 16), fields[2]))
    return sorted(symbols)


def symbol_at(symbols, address):
    at = bisect.bisect_right(symbols, (address, "\uffff")) - 1
    return symbols[at][1] if at >= 0 else "?"


def lines_shared(figures, counts, kallsyms):
    """Lines that at least two processors write in at least every other round."""
    rounds = figures["lines_rounds"]["value"]
    symbols = read_symbols(kallsyms)
    names = {int(figure["value"]): name for name, figure in figures.items()
             if figure["unit"] == "phase"}
    shared = {name: {} for name in names.values()}
    with open(counts, encoding="utf-8") as file:
        for line in file:
            phase, address, _, writer, *writes = line.split()
            if sum(int(count) >= rounds / 2 for count in writes) >= 2:
                shared[names[int(phase)]][address] = symbol_at(symbols, int(writer, 16))
    # The kernel itself counts the users of the two files that all have in common.
    if len(shared["null_shared"]) < 2:
        raise ValueError("the plugin missed writes that are known to be there")
    found = {}
    for phase, lines in shared.items():
        found["lines_" + phase] = {"unit": "lines", "value": len(lines),
                                   "writers": sorted(lines.values())}
    for name, phase, floor in (("lines_of_pair", "pair_shared", "null_shared"),
                               ("lines_of_replace", "replace_shared", "null_shared"),
                               ("lines_of_separate_pair", "pair_separate", "null_separate")):
        more = {a: w for a, w in shared[phase].items() if a not in shared[floor]}
        found[name] = {"unit": "lines", "value": len(more), "writers": sorted(more.values())}
    return found


# --- tables --------------------------------------------------------------------

def number(value):
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    text = f"{value:.3f}"
    return text.rstrip("0").rstrip(".")


def row(cells):
    return "| " + " | ".join(cells) + " |\n"


def head(cells):
    return row(cells) + "|" + "---|" * len(cells) + "\n"


def target_table(results):
    text = head(["Ratio", "is", "target", "", "name"])
    for name, result in results.items():
        if name == "scale4" and result.value is None:
            verdict = "not measured: needs 4 real processors"
        elif result.value is None:
            verdict = "**not measured**"
        else:
            verdict = "met" if result.met else "**missed**"
        text += row([result.target.about, number(result.value),
                     f"{SIGNS[result.target.compare]} {number(result.target.bound)}",
                     verdict, f"`{name}`"])
    return text


GROUP_ROWS = (
    ("impersonate and revert", "loaded:pair"),
    ("replace one client by another", "loaded:replace"),
    ("nfs-ganesha: setgroups, setfsgid, setfsuid and back", "absent:ganesha"),
    ("Samba: setgroups, setresgid, setresuid and back", "absent:samba"),
    ("open and close a file", "loaded:open"),
    ("the same, impersonating for it", "loaded:open_impersonated"),
    ("the same by one call, brokered", "loaded:open_brokered"),
    ("the same by a worker", "loaded:open_by_worker"),
    ("the same in nfs-ganesha's pattern", "absent:ganesha_open"),
    ("a context of oneself, and close it", "loaded:capture_self"),
    ("of a thread", "loaded:capture_thread"),
    ("of a socket's peer", "loaded:capture_peer"),
    ("of ids", "loaded:capture_ids"),
    ("of a context", "loaded:capture_context"),
    ("ask who the client is", "loaded:query"),
)

SINGLE_ROWS = (
    ("getppid", "loaded:getppid"),
    ("ioctl that does nothing", "loaded:null_ioctl"),
    ("two of them", "loaded:two_null_ioctls"),
    ("revert without having impersonated", "loaded:idle_revert"),
    ("setfsuid and back", "absent:setfsuid"),
    ("setfsgid, setfsuid and back", "absent:setfsuid_setfsgid"),
    ("glibc's setresuid and back, no other threads", "absent:setresuid/0"),
    ("with 8 other threads", "absent:setresuid/8"),
    ("with 64", "absent:setresuid/64"),
    ("io_uring: open, and close", "absent:uring_open"),
    ("with a personality", "absent:uring_open_personality"),
    ("a context of nobody (anonymous)", "loaded:capture_anonymous"),
    ("impersonate and revert, first time of a server", "loaded:first_by_server/16"),
    ("second time", "loaded:second_by_server/16"),
    ("first time of a thread of such a server", "loaded:first_by_thread/16"),
    ("second time", "loaded:second_by_thread/16"),
    ("impersonate and revert, 1 thread, with all around it", "loaded:crowd/1"),
    ("each of 16 threads", "loaded:crowd/16"),
    ("each of 256 threads", "loaded:crowd/256"),
)

OTHERS_ROWS = (("getppid", "getppid"), ("open and close", "open_close"),
               ("fork, exit and wait", "fork_exit"), ("fork, exec and wait", "fork_exec"),
               ("vfork, exec and wait", "vfork_exec"), ("setresuid and back", "setuid"))

MEMORY_ROWS = (
    ("a context of a peer without groups", "loaded:bytes_peer/0"),
    ("of a peer with 16 groups", "loaded:bytes_peer/16"),
    ("of a peer with 1,024 groups", "loaded:bytes_peer/1024"),
    ("of ids with 16 groups", "loaded:bytes_ids/16"),
    ("of ids with 1,024 groups", "loaded:bytes_ids/1024"),
    ("of a peer with 16 groups, after its first use", "loaded:bytes_peer_used/16"),
    ("each thread that wears it", "loaded:bytes_thread/16"),
    ("its descriptor: file and dentry, in addition", "loaded:bytes_descriptor"),
    ("of ids with 16 groups, 1,000,000 contexts", "processors:contexts_bytes/1000000"),
    ("the same, after their first use", "processors:contexts_bytes_used/1000000"),
)

COUNT_ROWS = (("make one", "contexts_capture"), ("first use", "contexts_first_use"),
              ("impersonate and revert", "contexts_pair"),
              ("with the question which it is in between", "contexts_lookup"))


def cells_of(figures, places):
    return [number(value_of(figures, place)) for place in places]


def plain_table(figures, title, unit, rows):
    text = head([title, unit])
    for about, place in rows:
        text += row([about, *cells_of(figures, [place])])
    return text


def others_table(figures):
    text = head(["Others, instructions", "absent", "loaded", "", "denials armed", ""])
    for about, name in OTHERS_ROWS:
        absent = value_of(figures, "absent:" + name)
        cells = [number(absent)]
        for state in ("loaded", "armed"):
            value = value_of(figures, f"{state}:{name}")
            more = f"{(value / absent - 1) * 100:+.2f} %" if value and absent else "–"
            cells += [number(value), more]
        text += row([about, *cells])
    return text


def count_table(figures):
    text = head(["With so many contexts", "1, instructions", "10,000",
                 "1, ns", "10,000", "1,000,000"])
    for about, name in COUNT_ROWS:
        text += row([about, *cells_of(figures, (
            f"loaded:{name}/1", f"loaded:{name}/10000", f"processors:{name}/1",
            f"processors:{name}/10000", f"processors:{name}/1000000"))])
    return text


def processors_table(figures):
    text = head(["Pairs a second per processor", "1", "2", "3", "4"])
    for about, name in (("impersonate and revert, one context", "per_cpu_shared"),
                        ("calls that do nothing, on the same files", "per_cpu_null_shared"),
                        ("impersonate and revert, a context each", "per_cpu_separate"),
                        ("calls that do nothing, on the same files", "per_cpu_null_separate")):
        text += row([about, *cells_of(figures, [f"processors:{name}/{n}" for n in range(1, 5)])])
    return text


def lines_table(figures):
    text = head(["Cache lines that several processors write each time", "lines", "by"])
    lines = figures.get("lines", {})
    for about, name in (("calls that do nothing, one context", "lines_null_shared"),
                        ("impersonate and revert, one context", "lines_pair_shared"),
                        ("of these by ntimp", "lines_of_pair"),
                        ("replace, one context", "lines_of_replace"),
                        ("impersonate and revert, a context each", "lines_of_separate_pair")):
        figure = lines.get(name, {})
        writers = ", ".join(f"`{w}`" for w in figure.get("writers", ()))
        text += row([about, number(figure.get("value")), writers])
    return text


def kernel_tables(figures):
    text = head(["Instructions, with so many groups", *(f"{n:,}" for n in GROUPS)])
    for about, place in GROUP_ROWS:
        text += row([about, *cells_of(figures, [f"{place}/{n}" for n in GROUPS])])
    for table_text in (plain_table(figures, "Once", "instructions", SINGLE_ROWS),
                       others_table(figures),
                       plain_table(figures, "Kernel memory", "bytes", MEMORY_ROWS),
                       count_table(figures), processors_table(figures), lines_table(figures)):
        text += "\n" + table_text
    return text


def table(all_figures, results):
    text = target_table(results)
    for kernel, figures in all_figures.items():
        text += f"\n### Kernel {kernel}\n\n" + kernel_tables(figures)
    return text


def host_table(figures):
    text = head(["On this machine, without ntimp, ns", *(f"{n:,}" for n in GROUPS)])
    for about, name in (("nfs-ganesha: setgroups, setfsgid, setfsuid and back", "ganesha"),
                        ("Samba: setgroups, setresgid, setresuid and back", "samba")):
        text += row([about, *cells_of({"host": figures}, [f"host:{name}/{n}" for n in GROUPS])])
    text += "\n" + head(["Once", "ns"])
    single = [(about, "host:" + place.partition(":")[2]) for about, place in SINGLE_ROWS
              if place.startswith("absent:")]
    for about, place in single + [(a, "host:" + n) for a, n in OTHERS_ROWS]:
        text += row([about, *cells_of({"host": figures}, [place])])
    return text


# --- plots ---------------------------------------------------------------------

WAYS = (("ioctl that does nothing", "loaded:null_ioctl"),
        ("ntimp: replace", "loaded:replace/16"),
        ("ntimp: impersonate, revert", "loaded:pair/16"),
        ("setfsuid", "absent:setfsuid"),
        ("setfsuid, setfsgid", "absent:setfsuid_setfsgid"),
        ("nfs-ganesha", "absent:ganesha/16"),
        ("Samba", "absent:samba/16"),
        ("glibc, 8 threads", "absent:setresuid/8"),
        ("glibc, 64 threads", "absent:setresuid/64"))
OPENS = (("open, close", "loaded:open/16"),
         ("ntimp: brokered", "loaded:open_brokered/16"),
         ("ntimp: impersonating", "loaded:open_impersonated/16"),
         ("nfs-ganesha", "absent:ganesha_open/16"),
         ("ntimp: by a worker", "loaded:open_by_worker/16"))


def write_bars(path, figures, rows, base):
    """label, value, and how many times as much as the base it is"""
    unit = value_of(figures, base)
    with open(path, "w", encoding="utf-8") as file:
        for label, place in rows:
            value = value_of(figures, place)
            if value and unit:
                times = f"{value / unit:,.0f}" if value >= 100 * unit else f"{value / unit:.2f}"
                file.write(f'"{label}"\t{value}\t"{times}×"\n')


def write_columns(path, figures, keys, places):
    with open(path, "w", encoding="utf-8") as file:
        for key in keys:
            values = [value_of(figures, f"{place}/{key}") for place in places]
            if not any(values):
                continue
            cells = [str(key), *("?" if value is None else str(value) for value in values)]
            file.write("\t".join(cells) + "\n")


def plot(all_figures, out):
    for kernel, figures in all_figures.items():
        with tempfile.TemporaryDirectory(prefix="ntimp-plot.") as work:
            write_bars(os.path.join(work, "ways"), figures, WAYS, "loaded:pair/16")
            write_bars(os.path.join(work, "opens"), figures, OPENS, "loaded:open/16")
            # On a logarithmic scale 0 groups stand at 1.
            write_columns(os.path.join(work, "groups"), figures, GROUPS,
                          ("loaded:pair", "loaded:replace", "absent:ganesha", "absent:samba"))
            write_columns(os.path.join(work, "contexts"), figures, (1, 10000, 1000000),
                          ["processors:" + name for _, name in COUNT_ROWS])
            ran = subprocess.run(["gnuplot", "-c", os.path.join(HERE, "plots.gp"), work, out,
                                  kernel], check=False)
            if ran.returncode:
                raise SystemExit("bench: error: gnuplot failed\n"
                                 "  -> is gnuplot-nox installed? run: make bench")
