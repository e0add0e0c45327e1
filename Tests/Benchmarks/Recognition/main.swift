import FaceCore
import SystemPackage

// Prints what each step of recognition is worth on a labelled event, and how long a large one takes.
//
//   recognition-benchmark ALBUM EVENT    ALBUM sorted from EVENT, which holds truth.csv, boxes.csv
//   recognition-benchmark --speed        10,000 synthetic photos
//   recognition-benchmark --clusters     100,000 synthetic faces without names

let arguments = CommandLine.arguments.dropFirst()
if arguments.elementsEqual(["--speed"]) {
    try printSpeed()
} else if arguments.elementsEqual(["--clusters"]) {
    printLargeClusters()
} else if arguments.count == 2, let album = arguments.first, let folder = arguments.last {
    try printRecognition(LabelledEvent(album: FilePath(album), folder: FilePath(folder)))
} else {
    print("usage: recognition-benchmark ALBUM EVENT | --speed | --clusters")
}
