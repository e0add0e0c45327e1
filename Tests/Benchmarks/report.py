"""The results as Markdown, for people and for the results folder."""

import endurance
import event


def verdict(holds):
    return "yes" if holds else "NO"


def table(header, rows):
    """Lines of a Markdown table."""
    return ["| " + " | ".join(header) + " |", "|---" * len(header) + "|"] + [
        "| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]


def speed_table(title, both, name):
    """Every arm and the peer over one folder."""
    peer = both["peer"][name]
    folder = both["folders"][name]
    rows = []
    for arm in both["arms"]:
        own = arm[name]
        target = (
            f"{own['must']:g}: {verdict(own['isMustMet'])} | {own['aim']:g}: "
            f"{verdict(own['isAimMet'])}" if "must" in own else "- | -")
        rows.append([
            f"{arm['arm']} ({arm['arithmetic'] or 'plain'})", f"{own['photosPerSecond']:.2f}",
            f"{own['cpuSecondsPerPhoto']:.2f}", f"{own['cores']:.2f}", f"{own['factor']:.1f}",
            f"{own['cpuFactor']:.1f}", own["facesFound"], own["falseFaces"], f"{100 * own['recallOfPeer']:.1f} %",
            f"{own['peakBytes'] / 1e6:.0f}", target])
    rows.append([
        "face_recognition", f"{peer['photosPerSecond']:.3f}", f"{peer['cpuSecondsPerPhoto']:.2f}",
        f"{peer['cores']:.2f}", "1", "1", peer["facesFound"], peer["falseFaces"], "100 %", f"{peer['peakBytes'] / 1e6:.0f}",
        "- | -"])
    lines = table(
        ["arm", "photos/s", "CPU s/photo", "cores", "factor", "by CPU time",
         f"faces of {folder['faces']}", "false", "recall of the peer's", "peak MB", "must", "aim"],
        rows)
    return ["", f"## {title}", "", *lines]


def speed(both):
    stages = both["peer"]["stages"]
    return [
        *speed_table("All photos", both, "all"),
        *speed_table("The team shots alone", both, "team"), "",
        "The factor compares photos per second, and counts when at least as many true faces are found "
        "as by the peer. Cores: how many the program got on average; fewer than its workers when "
        "other programs ran too, and then the factor by CPU time says more.",
        f"face_recognition per photo: reading {stages['decodeSeconds']:.2f} s, finding "
        f"{stages['locateSeconds']:.2f} s, encoding {stages['encodeSeconds']:.2f} s."]


def cnn(beside):
    rows = [
        [row["photo"], f"{row['width']} x {row['height']}", f"{row['cpuSeconds']:.3f}",
         f"{row['peerCPUSeconds']:.2f}", f"{row['peerCPUSeconds'] / row['cpuSeconds']:.1f}",
         row["boxes"], row["peerBoxes"], row["sameBoxes"]]
        for row in beside["photos"]]
    return [
        "", "## Beside the peer's `cnn` model", "",
        "Detection alone, pyramid 6/5, the same pixels, one thread.", "",
        *table(["photo", "pixels", "CPU s", "CPU s, peer", "factor", "boxes", "peer's", "the same"],
               rows),
        "", f"- {beside['factor']:.1f} times less CPU time (at least {beside['must']}, with the "
        f"same rectangles: {verdict(beside['isMustMet'])})"]


def roof(rows):
    return [
        "", "## Share of the arithmetic limit", "",
        "The limit is the best large matrix product of the same type on one core.", "",
        *table(["network", "type", "GFLOP/s", "limit", "share", "must", "aim"], [
            [row["network"], row["type"], f"{row['gigaflops']:.0f}", f"{row['limit']:.0f}",
             f"{100 * row['share']:.0f} %",
             f"{100 * row['must']:.0f} %: {verdict(row['isMustMet'])}",
             f"{100 * row['aim']:.0f} %: {verdict(row['isAimMet'])}"] for row in rows])]


def memory(rows):
    worst = max(row["peakBytes"] for row in rows)
    return [
        "", "## Memory by the number of photos", "",
        *table(["photos", "peak memory, MB", "seconds", "photos/s", "again, nothing new"], [
            [row["photos"], f"{row['peakBytes'] / 1e6:.0f}", f"{row['seconds']:.0f}",
             f"{row['photosPerSecond']:.2f}",
             f"{row['againSeconds']:.2f} s ({100 * row['againFraction']:.1f} %)"]
            for row in rows]),
        "", f"- peak below {endurance.PEAK_BYTES / 1e6:.0f} MB: "
        f"{verdict(worst < endurance.PEAK_BYTES)}"]


def workers(both):
    return [
        "", "## One worker and two", "",
        *table(["workers", "photos/s", "CPU s/photo", "peak memory, MB"], [
            [jobs, f"{both[jobs]['photosPerSecond']:.2f}",
             f"{both[jobs]['cpuSecondsPerPhoto']:.3f}", f"{both[jobs]['peakBytes'] / 1e6:.0f}"]
            for jobs in ("1", "2")]),
        "", f"- CPU time per photo with two: {both['cpuGrowth']:.3f} of one's (at most "
        f"{endurance.WORKERS_CPU_GROWTH}: {verdict(both['isMustMet'])})",
        f"- {both['speedUp']:.2f} times the photos per second"]


def large(run):
    def megabytes(count):
        return "-" if count is None else f"{count / 1e6:.0f}"

    return [
        "", "## A large event of mixed sizes", "",
        f"{run['photos']} photos, {run['megapixels']:.0f} megapixels, "
        f"{run['storedBytes'] / 1e9:.1f} GB, in one go: {run['seconds']:.0f} s, "
        f"{run['photosPerSecond']:.2f} photos/s, {run['megapixelsPerSecond']:.1f} megapixels/s, "
        f"{run['cpuSeconds'] / run['photos']:.2f} CPU s/photo.", "",
        *table(["seconds", "photos", "photos/s", "memory, MB", "highest since, MB"], [
            [f"{point['seconds']:.0f}", point["photos"], f"{point['photosPerSecond']:.2f}",
             megabytes(point["residentBytes"]), megabytes(point["highestResidentBytes"])]
            for point in run["points"]]),
        "", f"- peak {run['peakBytes'] / 1e6:.0f} MB, below {endurance.PEAK_BYTES / 1e6:.0f}: "
        f"{verdict(run['peakBytes'] < endurance.PEAK_BYTES)}"]


def labelled(scored):
    names = list(event.BASELINE)
    return [
        "", "## The labelled event", "",
        "Beside the obvious face_recognition script with EXIF and HEIC (HOG, 0.5):", "",
        *table(["", *names, "lost"], [
            ["facesort", *(f"{scored[name]:.3f}" for name in names), scored["lost"]],
            ["script", *(f"{event.BASELINE[name]:.3f}" for name in names), 0]]),
        "", *(f"- {what} (must: {limit}: {verdict(holds)})"
              for what, limit, holds in event.verdicts(scored)),
        f"- {scored['photos']} photos in {scored['seconds']:.0f} s, peak "
        f"{scored['peakBytes'] / 1e6:.0f} MB"]


def report(result):
    lines = [
        f"# {result['date']}, {result['machine']}", "",
        f"Load before: {result['load']}. Peer: face_recognition, {result['peer']}."]
    both = result.get("comparison")
    if both:
        everything, team = both["folders"]["all"], both["folders"]["team"]
        lines += [
            "", f"{everything['photos']} photos of 12 megapixels with {everything['faces']} faces. "
            f"Team shots: {team['photos']}, with {team['faces']} faces of 34-55 px; in the other "
            f"photos they are of 60-600 px. {both['jobs']} workers each, median of "
            f"{both['rounds']}; a face is found when boxes overlap by IoU >= .4.", *speed(both)]
    if result.get("networks", {}).get("cnn"):
        lines += cnn(result["networks"]["cnn"])
    if result.get("networks", {}).get("roof"):
        lines += roof(result["networks"]["roof"])
    for name, section in (
            ("workers", workers), ("memory", memory), ("large", large), ("event", labelled)):
        if result.get(name):
            lines += section(result[name])
    if result["projection"]:
        seconds, source = result["projection"]
        lines += [
            "", f"Projected for {endurance.MANY_PHOTOS} photos of 12 megapixels, by {source}: "
            f"{seconds / 60:.0f} minutes."]
    if result["skipped"]:
        lines += ["", "Not measured:", ""] + [f"- {reason}" for reason in result["skipped"]]
    lines += ["", f"Measured in {result['seconds'] / 60:.0f} minutes."]
    return "\n".join(lines) + "\n"
