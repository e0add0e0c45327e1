internal import CImageCodecs

/// Runs `body`, which returns a status of `CImageCodecs`; throws that as an error.
func throwing(_ body: (inout cimage_error) -> Int32) throws(ImageError) {
    var error = cimage_error()
    let status = body(&error)
    if status != Int32(CIMAGE_OK) { throw ImageError(error) }
}

extension ImageError {
    init(_ error: cimage_error) {
        let detail = withUnsafeBytes(of: error.message) { message in
            // Some of libheif's messages have several lines.
            let line = message.prefix { $0 >= 0x20 && $0 != 0x7F }
            return String(decoding: line, as: UTF8.self)
        }
        let inBrackets = detail.isEmpty ? "" : " (\(detail))"
        switch Int(error.status) {
        case CIMAGE_TOO_LARGE:
            self.init(code: .tooLarge, reason: "the picture is too large\(inBrackets)")
        case CIMAGE_ENDS_EARLY:
            self.init(code: .endsEarly, reason: "the picture ends early")
        case CIMAGE_UNSUPPORTED:
            self.init(
                code: .unsupported,
                reason: "the picture is of a kind that cannot be read\(inBrackets)")
        case CIMAGE_OUT_OF_MEMORY:
            self.init(code: .outOfMemory, reason: "there is not enough memory for the picture")
        case CIMAGE_BAD_ARGUMENT:
            preconditionFailure("CImageCodecs: \(detail)")
        default:
            self.init(code: .unreadable, reason: "the picture is damaged\(inBrackets)")
        }
    }
}
