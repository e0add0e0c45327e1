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
                PlanView(working: progress.view), title: "Sort now", at: .plan,
                renewalSeconds: 2, watched: "planning")
        case .planned(let summary, _): return try planPage(summary)
        case .planFailed(let error): return failure(error)
        default: return .goOn(to: Route.sort.path)
        }
    }

    private func planPage(_ summary: SortSummary) throws(AlbumError) -> Reply {
        let changes = PlannedFolders(summary)
        guard !changes.folders.isEmpty else {
            return frame(
                PlanView(nothing: "The album already matches your answers."), title: "Sort now",
                at: .plan)
        }
        let pictures = try picturesOfFolders()
        let questions = summary.questionCount
        let plan = PlanView.Plan(
            sums: changes.sums.filter { $0.count > 0 }.map {
                PairView(name: $0.what, value: grouped($0.count))
            },
            doubts: questions == 0
                ? nil
                : questions == 1
                    ? "One doubtful match is left out."
                    : "\(grouped(questions)) doubtful matches are left out.",
            untilAnswered:
                "\(questions == 1 ? "It goes" : "They go") into no person’s folder until "
                + "you answer.",
            notes: summary.notes,
            folders: changes.folders.map { PlanView.Folder($0, picture: pictures[$0.name]) },
            unchanged: unchanged(summary, changes))
        return frame(PlanView(plan: plan), title: "Sort now", at: .plan)
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
        let state = sorting.state
        if case .sorting(let progress) = state {
            let running = RunningView(
                heading: "Sorting", action: Route.sort.path,
                safety: "Stopping is safe: what is done stays, the next run carries on.",
                progress: progress.view)
            return frame(
                SortView(running: running), title: "Sort now", at: .plan, renewalSeconds: 2,
                watched: "sorting")
        }
        var ended = ended(state)
        var runs = try sorting.earlierRuns()[...]
        // The run whose result is shown is not an earlier one.
        if case .sorted = state { runs = runs.dropFirst() }
        ended.runs = runs.prefix(Self.runsShown).map(SortView.Run.init)
        return frame(SortView(ended: ended), title: "Sort now", at: .plan)
    }

    private static let runsShown = 20

    var progress: Reply {
        switch sorting.state {
        case .planning(let progress): progress.reply(state: "planning")
        case .sorting(let progress): progress.reply(state: "sorting")
        default: WorkProgress.rest(state: review.isReconsidering ? "review" : "rest")
        }
    }

    private func ended(_ state: AlbumSorting.State) -> SortView.Ended {
        switch state {
        case .sorted(let summary): ended(summary)
        case .sortFailed(let error, let progress): ended(error, progress)
        case .undone(let summary): ended(summary)
        case .idle, .planning, .planned, .planFailed, .sorting:
            SortView.Ended(
                heading: "Runs of this album",
                lead: "Each can be taken back, the last one first.", planAgain: true)
        }
    }

    private func ended(_ summary: SortSummary) -> SortView.Ended {
        let what = actions([
            (summary.copiedFileCount, "came"), (summary.movedFileCount, "moved"),
            (summary.removedFileCount + summary.prunedFileCount, "went"),
        ])
        let lead =
            what.map { "\($0), in \(lasting(seconds: summary.seconds))." }
            ?? "Nothing had to be changed."
        return SortView.Ended(
            heading: "Sorted",
            lead: lead + " All \(counted(summary.photoCount, "photo")) are in the album.",
            run: summary.run, notes: summary.notes, left: summary.failures.map(ItemView.named))
    }

    private func ended(_ error: AlbumError, _ progress: WorkProgress) -> SortView.Ended {
        let isStopped = error.code == .interrupted
        let done =
            progress.step == .writing
            ? "\(grouped(progress.done)) of \(counted(progress.total, "file")) are done and stay. "
            : ""
        return SortView.Ended(
            heading: isStopped ? "Sorting was stopped" : "Sorting has stopped",
            lead: (isStopped ? "" : sentence(of: error) + " ") + done
                + "Nothing was lost, and no file is half written."
                + (isStopped ? "" : " " + error.remedy),
            carryOn: true)
    }

    private func ended(_ summary: UndoSummary) -> SortView.Ended {
        let what = actions([
            (summary.removedFileCount, "went away again"),
            (summary.restoredFileCount, "came back"), (summary.movedFileCount, "moved back"),
        ])
        return SortView.Ended(
            heading: "Undone",
            lead: (what.map { $0 + ". " } ?? "") + "Your names and answers are kept."
                + (summary.left.isEmpty
                    ? "" : " These were left, because they have changed since:"),
            planAgain: true, left: summary.left.map { ItemView(name: $0.path, reason: $0.reason) })
    }

    /// "3 files came and 1 file moved"; `nil` when nothing was done.
    private func actions(_ counts: [(count: Int, what: String)]) -> String? {
        let done = counts.filter { $0.count > 0 }.map { "\(counted($0.count, "file")) \($0.what)" }
        return done.isEmpty ? nil : enumerated(done)
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

/// What sorting would do: being worked out, nothing, or a plan.
struct PlanView: TemplateView {
    /// Files that come into a folder, or go.
    struct Files: TemplateFields {
        let title: String
        let names: String

        private static let namesShown = 30

        /// - Returns: `nil` without any.
        init?(_ names: [String], _ one: String, _ many: String) {
            guard !names.isEmpty else { return nil }
            let rest = names.count - Self.namesShown
            title = "\(grouped(names.count)) \(names.count == 1 ? one : many)"
            self.names =
                names.prefix(Self.namesShown).joined(separator: ", ")
                + (rest > 0 ? " and \(grouped(rest)) more" : "")
        }
    }

    struct Folder: TemplateFields {
        let name: String
        let isNew: Bool
        let picture: String?
        let come: String
        let go: String
        let then: String
        let coming: Files?
        let going: Files?

        init(_ folder: PlannedFolders.Folder, picture: String?) {
            name = folder.name
            isNew = folder.isNew
            self.picture = picture
            come = folder.coming.isEmpty ? "" : "+\(grouped(folder.coming.count))"
            go = folder.going.isEmpty ? "" : "−\(grouped(folder.going.count))"
            then = folder.then.map { grouped($0) } ?? ""
            coming = Files(folder.coming, "comes", "come")
            going = Files(folder.going, "goes", "go")
        }
    }

    struct Plan: TemplateFields {
        let sums: [PairView]
        let doubts: String?
        let untilAnswered: String
        let notes: [String]
        let folders: [Folder]
        let unchanged: String?
    }

    var working: ProgressView?
    var nothing: String?
    var plan: Plan?
}

/// A sort: going on, or its result with the earlier runs.
struct SortView: TemplateView {
    struct Run: TemplateFields {
        let when: String
        let what: String
        /// For undo; `nil` when it is undone already.
        let run: Int?

        init(_ run: AlbumStatus.RunState) {
            let state =
                switch run.state {
                case .finished: "sorted"
                case .undone: "undone"
                case .interrupted: "stopped before its end"
                case .running: "running"
                }
            when = TimeTaken(String(run.started.prefix(19))).map(moment) ?? run.started
            what = "Run \(run.number), \(state)"
            self.run = run.state == .undone ? nil : run.number
        }
    }

    struct Ended: TemplateFields {
        let heading: String
        let lead: String
        var carryOn = false
        var planAgain = false
        /// For undo.
        var run: Int?
        var notes: [String] = []
        var left: [ItemView] = []
        var runs: [Run] = []
    }

    var running: RunningView?
    var ended: Ended?
}
