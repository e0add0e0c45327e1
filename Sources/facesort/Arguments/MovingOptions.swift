import AlbumKit
import ArgumentParser

/// Whether photos are moved, at once or on pages, and what happens to the files beside them.
struct MovingOptions: ParsableArguments {
    @Flag(help: "Move the files; without it they are only listed.")
    var apply = false

    @Flag(help: "Serve pages to look through the photos, overrule the suggestions and move them.")
    var page = false

    @OptionGroup var pages: PageOptions

    @Flag(help: "Only say what would go; the same as without --apply.")
    var dryRun = false

    @Option(
        help: ArgumentHelp(
            """
            What to do with files beside a photo that have its name, such as IMG_1.xmp, IMG_1.MOV \
            or IMG_1.CR2: move them along with it, or leave them.
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
