internal import PhotoIndex
import AlbumKit
import ArgumentParser

struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the model files that find and recognise faces.",
        discussion: HelpText.discussion(
            """
            'Scripts/setup' fetches them once. Exit status 12 means that one is missing or damaged. \
            The file that '{label}' in names needs is listed too, with where to get it; nothing else \
            needs it.

            An encoder for faces that dlib's own tells apart badly can be brought with '--encoder'; \
            one is named, with its licence. With --verbose each file's SHA-256 is shown.
            """,
            examples: ["facesort models"],
            statuses: [.done, .models, .usage]))

    @Option(
        help: ArgumentHelp(
            """
            The folder of the model files (default: $FACESORT_MODELS, else \
            $XDG_DATA_HOME/facesort/models).
            """, valueName: "folder"))
    var models: PathArgument?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let report = Album.models(
            folder: models?.path, environment: RunEnvironment.current.variables)
        try output.answer(report, isShown: !output.quiet || !report.isUsable) {
            var columns = Columns([.left, .left, .left, .left])
            for file in report.files {
                columns.add(
                    file.name, file.reason ?? (file.isThere ? "there" : "missing"), file.use,
                    file.licence)
            }
            let hashes = report.files.map { "\($0.hash)  \($0.name)\n" }.joined()
            return "Models in \(quoted(report.folder)):\n\(columns.text)"
                + (output.verbose ? "SHA-256:\n\(hashes)" : "")
                + (report.isUsable ? "" : "Run 'Scripts/setup' to fetch them.\n")
                + report.optional.map(Self.text).joined()
                + report.encoders.map(Self.text).joined()
        }
        if !report.isUsable { throw ExitStatus.models }
    }

    private static func text(_ encoder: ModelReport.OtherEncoder) -> String {
        "Encoder for \(encoder.purpose), for '--encoder FILE':\n"
            + "  \(encoder.name), licence \(encoder.licence)\n  \(encoder.address)\n"
    }

    private static func text(_ file: ModelReport.OptionalFile) -> String {
        var columns = Columns([.left, .left])
        columns.add(file.name, file.reason ?? (file.isThere ? "there" : "not there"))
        let isSound = file.isThere && file.reason == nil
        return "For \(file.purpose), not needed otherwise:\n\(columns.text)"
            + (isSound ? "" : "\(file.remedy)\n")
    }
}
