// Two jobs: `fuzz-photos seeds FOLDER` writes the seeds there; anything else goes to libFuzzer.
import CFuzzer
import Foundation
import PhotoImaging
import TestSupport

/// Does with a file what the program does: recognise, measure, decode reduced and whole.
///
/// The pictures are kept small, or a single header would take the time of a thousand inputs.
func look(at bytes: [UInt8]) {
    let maximumPixelCount = 1 << 16
    guard let photo = try? PhotoSource(bytes: bytes),
        photo.uprightWidth <= maximumPixelCount / photo.uprightHeight
    else { return }
    for side in [nil, 7] {
        guard let pixels = try? photo.pixels(maximumSide: side) else { continue }
        precondition(pixels.decodedFraction > 0 && pixels.decodedFraction <= 1)
        precondition(pixels.decodedFraction == 1 || pixels.damage != nil)
        // Every byte is to be there, and to belong to us.
        precondition(pixels.withUnsafeBytes { $0.reduce(0) { $0 &+ Int($1) } } >= 0)
    }
}

if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "seeds" {
    let folder = URL(filePath: CommandLine.arguments[2])
    for seed in try PictureSeed.all() {
        try Data(seed.bytes).write(to: folder.appending(path: seed.name))
    }
} else {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(
        LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
            look(at: Array(UnsafeBufferPointer(start: bytes, count: count)))
            return 0
        })
}
