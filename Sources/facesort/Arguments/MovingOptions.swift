import AlbumKit
import ArgumentParser

/// Whether photos are moved, at once or on pages, and what goes along with them.
struct MovingOptions: ParsableArguments {
    @Flag(help: "Move the files; without it they are only named.")
    var apply = false

    @Flag(help: "Serve pages to look through the photos, to overrule and to move them.")
    var page = false

    @OptionGroup var pages: PageOptions

    @Flag(help: "Only say what would go, which is what happens without --apply.")
    var dryRun = false

    @Option(
        help: ArgumentHelp(
            """
            What becomes of files beside a photo with its name, such as IMG_1.xmp, IMG_1.MOV or \
            IMG_1.CR2: move, along with it, or leave.
            """, valueName: "rule"))
    var sidecars: SidecarRule = .move

    func validate() throws {
        try Validation.rehearsal(apply: apply, dryRun: dryRun)
        if page && (apply || dryRun) {
            throw ValidationError(
                "'--page' and '\(apply ? "--apply" : "--dry-run")' cannot be used together: on the "
                    + "pages nothing is moved before you press 'Move'.")
        }
        if !page && pages.isGiven {
            throw ValidationError("'--port' and '--open' are about the pages: add '--page'.")
        }
    }
}
