import FaceCore
import SystemPackage

// Prints what each step of recognition is worth on a labelled event, and how long a large one takes.
//
//   recognition-benchmark ALBUM EVENT    ALBUM sorted from EVENT, which holds truth.csv, boxes.csv
//   recognition-benchmark --name ALBUM EVENT   ALBUM sorted without people: its clusters are named, one
//                                        after the other, in its journal of decisions
//   recognition-benchmark --name-at-once ALBUM EVENT   the same without comparing faces in between
//   recognition-benchmark --speed        10,000 synthetic photos
//   recognition-benchmark --clusters     100,000 synthetic faces without names

let arguments = CommandLine.arguments.dropFirst()
if arguments.elementsEqual(["--speed"]) {
    try printSpeed()
} else if arguments.elementsEqual(["--clusters"]) {
    printLargeClusters()
} else if arguments.count >= 3, arguments.first?.hasPrefix("--name") == true {
    let rest = Array(arguments.dropFirst())
    try nameClusters(
        album: FilePath(rest[0]), folder: FilePath(rest[1]),
        isRepeated: arguments.first == "--name", writes: rest.count == 2)
} else if arguments.count == 2, let album = arguments.first, let folder = arguments.last {
    try printRecognition(LabelledEvent(album: FilePath(album), folder: FilePath(folder)))
} else {
    print("usage: recognition-benchmark ALBUM EVENT | --speed | --clusters")
}
