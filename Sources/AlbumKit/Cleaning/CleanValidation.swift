internal import PhotoIndex
internal import FileLedger

/// A request whose folders make sense together; checked before anything is written.
struct CleanValidation {
    let request: CleanRequest
    let study: SurveyValidation
    let bin: AlbumFolder

    init(_ request: CleanRequest, disk: Disk) throws {
        self.request = request
        bin = AlbumFolder(request.bin.absolute)
        study = try SurveyValidation(request.study, command: "clean", disk: disk)
        try checkFilters()
        try Bin.check(bin, given: request.bin, for: study, disk: disk)
    }

    private func checkFilters() throws {
        guard !request.filters.isEmpty else {
            throw AlbumError(
                .setting, "clean", "was not told what to look for",
                remedy: "Nothing was done. Give at least one of --duplicates, --blurred, "
                    + "--no-faces and --no-known.")
        }
        if request.filters.contains(.noKnown), study.people == nil, study.album == nil {
            throw AlbumError(
                .setting, "--no-known", "knows nobody",
                remedy: "Nothing was done. Name the folder of portraits with --people, or the "
                    + "album of these photos with --album.")
        }
    }
}
