internal import AlbumKit
internal import FaceCore

// The plan, the sort, and undo.
extension ReviewSite {
    /// Begins to work out the plan and waits a moment, because most plans are quickly ready.
    func preparePlan() async {
        sorting.plan(for: review.revision) { [review] in await review.waitUntilReconsidered() }
        let end = ContinuousClock.now + Self.planPatience
        while case .planning = sorting.state, ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    private static let planPatience = Duration.seconds(2)

    func planPage() throws(AlbumError) -> Reply {
        switch sorting.state {
        case .planning(let progress):
            return frame(
                "plan", title: "Sort now", tab: .sort,
                [
                    "working": progress.values, "nothing": false, "plan": false,
                ], renewalSeconds: 2, watched: "planning")
        case .planned(let summary, _): return try planPage(summary)
        case .planFailed(let error): return failure(error)
        default: return .goOn(to: Route.sort.path)
        }
    }

    private func planPage(_ summary: SortSummary) throws(AlbumError) -> Reply {
        let changes = PlannedFolders(summary)
        guard !changes.folders.isEmpty else {
            return frame(
                "plan", title: "Sort now", tab: .sort,
                [
                    "working": false, "plan": false,
                    "nothing": ["lead": "The album already matches your answers."],
                ])
        }
        let pictures = try picturesOfFolders()
        let questions = summary.questionCount
        return frame(
            "plan", title: "Sort now", tab: .sort,
            [
                "working": false, "nothing": false,
                "plan": [
                    "sums": changes.sums.filter { $0.count > 0 }.map {
                        ["what": $0.what, "count": grouped($0.count)]
                    },
                    "doubts": questions == 0
                        ? false
                        : [
                            "strong": questions == 1
                                ? "One doubtful match is left out."
                                : "\(grouped(questions)) doubtful matches are left out.",
                            "text": questions == 1
                                ? "It goes into no person’s folder until you answer."
                                : "They go into no person’s folder until you answer.",
                        ],
                    "notes": summary.notes,
                    "folders": changes.folders.map { values(of: $0, pictures) },
                    "unchanged": orNothing(unchanged(summary, changes)),
                ] as Values,
            ])
    }

    /// A picture of the person or stranger of each folder, by the folder's name.
    private func picturesOfFolders() throws(AlbumError) -> [String: String] {
        var pictures: [String: String] = [:]
        for group in try review.start().groups {
            pictures["unknown/\(group.number.name)"] =
                group.faces.first.map { Route.facePicture($0.id).path }
        }
        for person in try review.people() { pictures[person.name] = person.picture }
        return pictures
    }

    private func values(of folder: PlannedFolders.Folder, _ pictures: [String: String]) -> Values {
        func list(_ names: [String], _ one: String, _ many: String) -> Values? {
            guard !names.isEmpty else { return nil }
            let rest = names.count - Self.namesShown
            return [
                "title": "\(grouped(names.count)) \(names.count == 1 ? one : many)",
                "names": names.prefix(Self.namesShown).joined(separator: ", ")
                    + (rest > 0 ? " and \(grouped(rest)) more" : ""),
            ]
        }
        return [
            "name": folder.name, "isNew": folder.isNew,
            "picture": orNothing(pictures[folder.name]),
            "come": folder.coming.isEmpty ? "" : "+\(grouped(folder.coming.count))",
            "go": folder.going.isEmpty ? "" : "−\(grouped(folder.going.count))",
            "then": folder.then.map { grouped($0) } ?? "",
            "coming": orNothing(list(folder.coming, "comes", "come")),
            "going": orNothing(list(folder.going, "goes", "go")),
        ]
    }

    private static let namesShown = 30

    private func unchanged(_ summary: SortSummary, _ changes: PlannedFolders) -> String? {
        let changed = Set(changes.folders.map(\.name))
        let count = summary.people.count { $0.photoCount > 0 && !changed.contains($0.name) }
        return count == 0 ? nil : "\(counted(count, "folder")) of people without a change"
    }

    // MARK: Sorting

    func takeSort(_ form: Form) -> Reply {
        switch form["do"] {
        case "sort":
            sorting.sort { [review] in await review.waitUntilReconsidered() }
        case "stop": sorting.stop()
        default: return notOurs
        }
        return .goOn(to: Route.sort.path)
    }

    func sortPage(_ query: Form) throws(AlbumError) -> Reply {
        var running: Values?
        var ended = Values()
        switch sorting.state {
        case .sorting(let progress):
            running = progress.values(
                heading: "Sorting", stoppingAt: .sort,
                safety: "Stopping is safe: what is done stays, the next run carries on.")
        case .sorted(let summary): ended = values(of: summary)
        case .sortFailed(let error, let progress): ended = values(of: error, progress)
        case .undone(let summary): ended = values(of: summary)
        case .idle, .planning, .planned, .planFailed:
            ended = [
                "heading": "Runs of this album",
                "lead": "Each can be taken back, the last one first.", "planAgain": true,
            ]
        }
        if running == nil {
            let isListed = ended["undoable"] == nil
            let runs = try sorting.earlierRuns().dropFirst(isListed ? 0 : 1)
                .prefix(Self.runsShown)
            let none: Values = [
                "carryOn": false, "undoable": false, "planAgain": false, "notes": [String](),
                "hasLeft": false, "left": [Values](),
            ]
            ended.merge(none) { given, _ in given }
            ended["hasRuns"] = !runs.isEmpty
            ended["runs"] = runs.map(values)
        }
        return frame(
            "sort", title: "Sort now", tab: .sort,
            ["running": orNothing(running), "ended": running == nil ? ended : false],
            renewalSeconds: running == nil ? nil : 2, watched: running == nil ? nil : "sorting")
    }

    private static let runsShown = 20

    var progress: Reply {
        switch sorting.state {
        case .planning(let progress): progress.reply(state: "planning")
        case .sorting(let progress): progress.reply(state: "sorting")
        default: WorkProgress.rest(state: review.isReconsidering ? "review" : "rest")
        }
    }

    private func values(of summary: SortSummary) -> Values {
        let came = summary.copiedFileCount
        let went = summary.removedFileCount + summary.prunedFileCount
        var parts: [String] = []
        if came > 0 { parts.append("\(counted(came, "file")) came") }
        if summary.movedFileCount > 0 {
            parts.append("\(counted(summary.movedFileCount, "file")) moved")
        }
        if went > 0 { parts.append("\(counted(went, "file")) went") }
        let lead =
            parts.isEmpty
            ? "Nothing had to be changed."
            : "\(enumerated(parts)), in \(lasting(seconds: summary.seconds))."
        return [
            "heading": "Sorted",
            "lead": lead + " All \(counted(summary.photoCount, "photo")) are in the album.",
            "undoable": orNothing(summary.run.map { ["run": $0] }), "notes": summary.notes,
            "hasLeft": !summary.failures.isEmpty,
            "left": summary.failures.map { failure -> Values in
                [
                    "name": failure.path.split(separator: "/").last.map(String.init) ?? "",
                    "reason": "It \(failure.reason). \(failure.remedy)",
                ]
            },
        ]
    }

    private func values(of error: AlbumError, _ progress: WorkProgress) -> Values {
        let isStopped = error.code == .interrupted
        let done =
            progress.step == .writing
            ? "\(grouped(progress.done)) of \(counted(progress.total, "file")) are done and stay. "
            : ""
        return [
            "heading": isStopped ? "Sorting was stopped" : "Sorting has stopped",
            "lead": (isStopped ? "" : sentence(of: error) + " ") + done
                + "Nothing was lost, and no file is half written."
                + (isStopped ? "" : " " + error.remedy),
            "carryOn": true,
        ]
    }

    private func values(of summary: UndoSummary) -> Values {
        var parts: [String] = []
        if summary.removedFileCount > 0 {
            parts.append("\(counted(summary.removedFileCount, "file")) went away again")
        }
        if summary.restoredFileCount > 0 {
            parts.append("\(counted(summary.restoredFileCount, "file")) came back")
        }
        if summary.movedFileCount > 0 {
            parts.append("\(counted(summary.movedFileCount, "file")) moved back")
        }
        let what = parts.isEmpty ? "" : enumerated(parts) + ". "
        return [
            "heading": "Undone", "planAgain": true,
            "lead": what + "Your names and answers are kept."
                + (summary.left.isEmpty
                    ? "" : " These were left, because they have changed since:"),
            "hasLeft": !summary.left.isEmpty,
            "left": summary.left.map { ["name": $0.path, "reason": $0.reason] as Values },
        ]
    }

    private func values(of run: AlbumStatus.RunState) -> Values {
        let state =
            switch run.state {
            case .finished: "sorted"
            case .undone: "undone"
            case .interrupted: "stopped before its end"
            case .running: "running"
            }
        return [
            "when": TimeTaken(String(run.started.prefix(19))).map(moment) ?? run.started,
            "what": "Run \(run.number), \(state)",
            "undoable": run.state == .undone ? false : ["run": run.number],
        ]
    }

    // MARK: Undo

    /// Takes an answer or a run back.
    func takeUndo(_ form: Form) throws(AlbumError) -> Reply {
        if let run = form["run"].flatMap(Int.init) {
            try sorting.undo(run: run)
            return .goOn(to: Route.sort.path)
        }
        guard let answer = form["answer"].flatMap(Int.init),
            let revision = form["revision"].flatMap(Int.init)
        else { return notOurs }
        let back = form["back"].flatMap { Route(path: $0) } ?? .start
        let last = review.lastReceipt
        let receipt = try review.answer(.withdraw(answer), seen: revision)
        return goOn(
            to: back, after: receipt, withdrawn: last?.number == answer ? last?.sentence : nil)
    }
}
