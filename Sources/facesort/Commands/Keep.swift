import AlbumKit
import AlbumWeb
import ArgumentParser
import SystemPackage

struct Keep: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Learn from your own choices which photos are worth keeping.",
        discussion: HelpText.discussion(
            """
            Label some photos, at least 25 to keep and 25 to discard, and let it learn. Then look at
            its verdicts on the others, and let it move what is not worth keeping into a bin. Nothing
            is ever deleted: 'facesort undo BIN' brings everything back.

            Your labels and what it learns from them lie in BIN/.facesort and nowhere else.
            """,
            examples: [
                "facesort keep label ~/Sorted --to ~/Bin",
                "facesort keep train ~/Sorted --to ~/Bin --people ~/Dear",
                "facesort keep apply ~/Phone --to ~/Bin --apply",
                "facesort keep check --to ~/Bin",
            ],
            statuses: ExitStatus.allCases),
        subcommands: [KeepLabel.self, KeepTrain.self, KeepApply.self, KeepCheckUp.self])
}

/// The bin, the people and the analysis, for every part of `keep` that looks at photos.
struct KeepOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The bin: a new or empty folder, or one that facesort made.", valueName: "bin"))
    var to: PathArgument

    @OptionGroup var people: PeopleOptions

    @OptionGroup var analysis: AnalysisOptions

    @OptionGroup var output: OutputOptions

    func request(_ photos: [PathArgument]) -> KeepRequest {
        KeepRequest(study: people.request(photos, analysis), bin: to.path)
    }
}

/// Two folders of photos that somebody has sorted by hand.
struct LabelFolderOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A folder with photos to keep; needs --discard as well.", valueName: "folder"))
    var keep: PathArgument?

    @Option(
        help: ArgumentHelp(
            "A folder with photos to discard; needs --keep as well.", valueName: "folder"))
    var discard: PathArgument?

    func validate() throws {
        if (keep == nil) != (discard == nil) {
            throw ValidationError("'--keep' and '--discard' go together: name a folder for each.")
        }
    }

    var folders: LabelFolders? {
        guard let keep, let discard else { return nil }
        return LabelFolders(keep: keep.path, discard: discard.path)
    }
}

struct KeepLabel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Say which photos are worth keeping.",
        usage: """
            facesort keep label <photos> ... --to <bin> [--open] [<options>]
            facesort keep label <folder> --to <bin>
            facesort keep label --keep <folder> --discard <folder> --to <bin>
            """,
        discussion: HelpText.discussion(
            """
            It serves a page, to this computer only, that shows one photo after the other: press K to
            keep it, D to discard it, L for later and U to undo. Every answer is saved at once, so
            you can stop and carry on at any time. Once it has learnt something, the photos it is
            least sure about come first.

            Or it takes labels from two folders into which you have sorted photos: 'keep' and
            'discard' in the one folder you name, or any two with --keep and --discard. A photo in
            both folders is reported and skipped.

            The photos are only read. A label belongs to a photo's content, so copies under other
            names have it too. If a photo was labelled several times, the last label counts.
            """,
            examples: [
                "facesort keep label ~/Phone --to ~/Bin --open",
                "facesort keep label ~/Sorted --to ~/Bin",
                "facesort keep label --keep ~/Good --discard ~/Bad --to ~/Bin",
            ],
            statuses: ExitStatus.allCases))

    @Argument(
        help: """
            Folders or files with photos to show, or one folder with the folders 'keep' and \
            'discard' in it.
            """)
    var photos: [PathArgument] = []

    @OptionGroup var labels: LabelFolderOptions

    @OptionGroup var pages: PageOptions

    @OptionGroup var options: KeepOptions

    func validate() throws {
        if labels.folders != nil {
            guard photos.isEmpty else {
                throw ValidationError(
                    "Name either photos or a folder with 'keep' and 'discard' in it, or the two "
                        + "folders.")
            }
        } else if photos.isEmpty {
            throw ValidationError(
                "Name photos to show or a folder with 'keep' and 'discard' in it, or the two "
                    + "folders with '--keep' and '--discard'.")
        }
    }

    func run() async throws {
        let reporter = RunReporter(output: options.output)
        guard let folders else { return try await servePage(reporter) }
        if pages.isGiven {
            throw ValidationError(
                "'--port' and '--open' are about the page; labels in two folders need no page.")
        }
        let labeller = KeepLabeller(folders, bin: options.to.path, environment: .current)
        let summary = try await reporter.run(labeller.run)
        try reporter.show(summary, failures: summary.failures) {
            KeepText.labels(summary, isVerbose: options.output.verbose)
        }
    }

    /// Two folders of photos sorted by hand; `nil` when photos are to be shown.
    private var folders: LabelFolders? {
        labels.folders
            ?? (photos.count == 1 ? LabelFolders(in: photos[0].path) : nil)
    }

    private func servePage(_ reporter: RunReporter) async throws {
        try await pages.serve(options.output) { interruption, visit in
            let labelling = try await reporter.watch { onEvent in
                try await KeepLabelling(
                    options.request(photos), environment: .current, interruption: interruption,
                    onEvent: onEvent)
            }
            try await visit(PageServer(labelling: labelling, port: pages.port))
        }
    }
}

struct KeepTrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Learn from the labels, and say how well.",
        usage: "facesort keep train <photos> ... --to <bin> [--people <folder>] [<options>]",
        discussion: HelpText.discussion(
            """
            It holds back the last fifth of the labelled photos by time, learns from the others, and
            says how many of that fifth it judges as you did, next to a guess: always answering with
            the more frequent label. Photos of one moment are never on both sides. In the end it
            learns from all of them.

            It judges photos by sharpness and light, by the number, size and sharpness of the faces,
            by whether somebody known is in them, and by their near-duplicates. If that is no better
            than a guess, it says so and judges nothing.
            """,
            examples: ["facesort keep train ~/Sorted --to ~/Bin --people ~/Dear"],
            statuses: ExitStatus.allCases))

    @Argument(help: "Folders or files with photos, including those with labels.")
    var photos: [PathArgument]

    @OptionGroup var options: KeepOptions

    func run() async throws {
        let reporter = RunReporter(output: options.output)
        let trainer = KeepTrainer(options.request(photos), environment: .current)
        let summary = try await reporter.run(trainer.run)
        try reporter.show(summary, failures: summary.failures) {
            KeepText.training(
                summary, bin: options.to.path.string, isVerbose: options.output.verbose)
        }
    }
}

struct KeepApply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Move photos that are not worth keeping into the bin.",
        usage: """
            facesort keep apply <photos> ... --to <bin> [--people <folder>] [--page | --apply] \
            [<options>]
            """,
        discussion: HelpText.discussion(
            """
            It says which photos to keep, which to look at and which to discard, and why; it moves
            the discarded ones to BIN/discard only with --apply. Photos to look at stay where they
            are, and so do photos that cannot be judged. Photos that you labelled yourself are
            treated as you said.

            With --page it serves pages, to this computer only, on which you look through the
            photos, overrule the verdicts, move what goes and undo that. What you say there is a
            label like any other. Photos that you drop on these pages are judged as well, and nothing
            of them is kept.

            Nothing is ever deleted: 'facesort undo BIN' brings back what was moved. A photo that
            only a link leads to (a linked photo, or one in a linked folder) is looked at and never
            moved.
            """,
            examples: [
                "facesort keep apply ~/Phone --to ~/Bin",
                "facesort keep apply ~/Phone --to ~/Bin --page --open",
                "facesort keep apply ~/Phone --to ~/Bin --apply",
                "facesort undo ~/Bin",
            ],
            statuses: ExitStatus.allCases))

    @Argument(help: "Folders or files with photos.")
    var photos: [PathArgument]

    @OptionGroup var moving: MovingOptions

    @OptionGroup var options: KeepOptions

    func run() async throws {
        let reporter = RunReporter(output: options.output)
        if moving.page { return try await servePages(reporter) }
        let summary = try await reporter.run(KeepApplier(request, environment: .current).run)
        try reporter.show(summary, failures: summary.failures) {
            KeepText.judgement(
                summary, bin: options.to.path.string,
                again: RawArguments.again, isVerbose: options.output.verbose)
        }
    }

    private func servePages(_ reporter: RunReporter) async throws {
        try await moving.pages.serve(options.output) { interruption, visit in
            let look = try await reporter.watch { onEvent in
                try await KeepReview.begin(
                    request, environment: .current, interruption: interruption, onEvent: onEvent)
            }
            defer { look.close() }
            try await visit(PageServer(keep: look, port: moving.pages.port))
        }
    }

    private var request: KeepRequest {
        var request = options.request(photos)
        request.sidecars = moving.sidecars
        request.applies = moving.apply
        return request
    }
}

struct KeepCheckUp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what was learnt, how well, and from how many labels.",
        usage: "facesort keep check --to <bin> [--keep <folder> --discard <folder>]",
        discussion: HelpText.discussion(
            """
            With --keep and --discard it is measured on the photos in two more folders that you have
            sorted; it learns nothing from them.
            """,
            examples: [
                "facesort keep check --to ~/Bin",
                "facesort keep check --to ~/Bin --keep ~/Good --discard ~/Bad",
            ],
            statuses: [.done, .failed, .inUse, .models, .usage, .interrupted]))

    @OptionGroup var labels: LabelFolderOptions

    @OptionGroup var options: KeepOptions

    func run() async throws {
        let reporter = RunReporter(output: options.output)
        let checker = KeepChecker(
            options.request([]), folders: labels.folders, environment: .current)
        let check = try await reporter.run(checker.run)
        try reporter.show(check) { KeepText.check(check, bin: options.to.path.string) }
    }
}
