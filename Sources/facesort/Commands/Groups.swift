internal import FaceCore
import AlbumKit
import ArgumentParser

struct Groups: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the group photos of an album, or collect them in a folder.",
        usage: """
            facesort groups <album> [--with <name> ...] [--only] [--min-faces <faces>] [<options>]
            """,
        discussion: HelpText.discussion(
            """
            '--with' keeps the photos that show the person; given several times, those that show all
            of them. '--only' leaves out photos with anybody else. '--to' copies the originals into a
            folder and leaves alone what is already there.
            """,
            examples: [
                "facesort groups ~/Desktop/Party",
                "facesort groups ~/Desktop/Party --min-faces 2 --to ~/Desktop/Together",
            ],
            statuses: [.done, .failed, .somePhotosFailed, .inUse, .usage]))

    @Argument(help: "An album made by 'facesort sort'.")
    var album: PathArgument

    @Option(
        help: ArgumentHelp("Keep photos that show this person; may be repeated.", valueName: "name")
    )
    var with: [String] = []

    @Flag(help: "Keep photos that show nobody else.")
    var only = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Keep photos with at least this many faces (default: the album's group size).",
            valueName: "faces"))
    var minFaces: Int?

    @Option(
        help: ArgumentHelp("Copy the photos into this folder.", valueName: "folder"))
    var to: PathArgument?

    @Flag(help: "With '--to': say what would be copied and copy nothing.")
    var dryRun = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        try Validation.count(minFaces, flag: "--min-faces", example: 3)
        if only && with.isEmpty {
            throw ValidationError(
                "'--only' needs people: name them with '--with'.")
        }
        if dryRun && to == nil {
            throw ValidationError("'--dry-run' is for collecting: name a folder with '--to'.")
        }
    }

    func run() throws {
        let album = try Album(at: album.path)
        if let folder = to, !dryRun {
            try collect(from: album, to: folder)
        } else {
            try list(album)
        }
    }

    private func list(_ album: Album) throws {
        let groups = try album.groups(with: with, only: only, minimumFaces: minFaces)
        if output.json {
            Console.standard.result(try JSON.document(["groups": groups]))
            return
        }
        if groups.isEmpty {
            if !output.quiet { Console.standard.message("No group photos like that.") }
            return
        }
        var columns = Columns([.left, .right, .left])
        for group in groups {
            columns.add(
                group.photo, counted(group.faceCount, "face"),
                group.people.isEmpty ? "nobody known" : enumerated(group.people))
        }
        Console.standard.result(columns.text)
        if let to, !output.quiet {
            Console.standard.message(
                "\(groups.count == 1 ? "This photo" : "These \(counted(groups.count, "photo"))") "
                    + "would be in \(quoted(to.path.string)); nothing was copied.")
        }
    }

    private func collect(from album: Album, to folder: PathArgument) throws {
        let summary = try album.collectGroups(
            with: with, only: only, minimumFaces: minFaces, to: folder.path)
        if output.json {
            Console.standard.result(try JSON.document(["collected": summary]))
        } else if !output.quiet {
            show(summary, folder: folder.path.string)
        }
        if !summary.unreachable.isEmpty {
            if output.quiet { showUnreachable(summary.unreachable) }
            throw ExitStatus.somePhotosFailed
        }
    }

    private func show(_ summary: CollectSummary, folder: String) {
        let already =
            summary.alreadyThere == 0
            ? ""
            : "; \(grouped(summary.alreadyThere)) \(summary.alreadyThere == 1 ? "was" : "were") "
                + "already there"
        Console.standard.result(
            summary.copied + summary.alreadyThere == 0
                ? "No group photos like that; nothing was copied.\n"
                : "\(counted(summary.copied, "photo")) copied to \(quoted(folder))\(already).\n")
        showUnreachable(summary.unreachable)
    }

    private func showUnreachable(_ photos: [String]) {
        guard !photos.isEmpty else { return }
        Console.standard.message(
            """
            facesort: warning: \(counted(photos.count, "photo")) could not be copied: \
            \(photos.count == 1 ? "its original is" : "their originals are") out of reach
            """)
        for photo in photos { Console.standard.message("  " + visible(photo)) }
        Console.standard.message("  Connect the disk or card they are on and repeat the command.")
    }
}
