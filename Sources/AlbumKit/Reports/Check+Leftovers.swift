internal import PhotoIndex
internal import FileLedger
internal import AlbumCatalogue
internal import SystemPackage

/// What a kill or a power cut left that the next command which writes brings into order.
extension Album {
    /// The files of ours, by the journals where the catalogue is behind them; and whether it is.
    func placedFiles(
        _ workspace: Workspace
    ) throws -> (files: [PlacedFile], problems: [CheckReport.Finding]) {
        let known = try workspace.catalogue.placedFiles()
        guard try !workspace.catalogue.untaken(among: workspace.journalLengths()).isEmpty else {
            return (known, [])
        }
        let journalled = try workspace.files(in: Journal.records(folder, disk))
        guard Set(journalled) != Set(known) else { return (known, []) }
        let finding = CheckReport.Finding(
            subject: ".facesort/catalogue.sqlite",
            sentence:
                "It does not know all that the journals say: a run is going on, was killed, or "
                + "the power failed. The next command that changes something here brings it up to "
                + "date; the files were compared with the journals.")
        return (journalled, [finding])
    }

    /// Every file that bears the name of a temporary one of ours, outside our state.
    func leftoverProblems() throws -> [CheckReport.Finding] {
        let leftovers = Leftovers(AlbumFiles(album: folder, disk: disk))
        let known = Set(try leftovers.known())
        return try leftovers.paths().map { path in
            CheckReport.Finding(
                subject: path.string,
                sentence: known.contains(path)
                    ? "It is a copy that a run has begun. When no run is going on, the next command "
                        + "that changes something here removes it."
                    : "It is named as a copy that a run has begun, but no journal here knows it. It is "
                        + "left alone; remove it if it is of no use to you.")
        }
    }
}
