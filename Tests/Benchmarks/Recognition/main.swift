import FaceCore
import SystemPackage

// Prints what each step of recognition is worth on a labelled event, and how long a large one takes.
//
//   recognition-benchmark ALBUM EVENT    ALBUM sorted from EVENT, which holds truth.csv, boxes.csv
//   recognition-benchmark --name ORDER ALBUM EVENT   ALBUM sorted from EVENT without people: its
//                                        clusters are named by worth, largest or atOnce
//   recognition-benchmark --write-names ORDER ALBUM EVENT   the same, written into ALBUM
//   recognition-benchmark --clean ALBUM OUT   duplicates.csv and sharpness.csv of ALBUM into OUT
//   recognition-benchmark --analysed FOLDER   20,000 synthetic photos that a bin knows already
//   recognition-benchmark --keep ALBUM [SEEDS]   how well choices for the photos of ALBUM are learnt
//   recognition-benchmark --blurs FOLDER...   200 blurs composed from the photos in the folders
//   recognition-benchmark --speed        10,000 synthetic photos
//   recognition-benchmark --clusters     100,000 synthetic faces without names
//   recognition-benchmark --crowds       made crowds and families of look-alikes

let arguments = CommandLine.arguments.dropFirst()
if arguments.elementsEqual(["--speed"]) {
    try printSpeed()
} else if arguments.elementsEqual(["--crowds"]) {
    printCrowds()
} else if arguments.elementsEqual(["--clusters"]) {
    printLargeClusters()
} else if arguments.count == 2, arguments.first == "--analysed", let folder = arguments.last {
    try composeAnalysedEvent(in: FilePath(folder))
} else if arguments.count == 3, arguments.first == "--clean", let out = arguments.last {
    try cleanAlbum(FilePath(arguments[arguments.startIndex + 1]), out: FilePath(out))
} else if [2, 3].contains(arguments.count), arguments.first == "--keep" {
    let seeds = arguments.count == 3 ? arguments.last.flatMap { Int($0) } : 10
    try printKeepLearning(
        FilePath(arguments[arguments.startIndex + 1]), seedCount: max(1, seeds ?? 10))
} else if arguments.count >= 2, arguments.first == "--blurs" {
    try printComposedBlurs(folders: arguments.dropFirst().map { FilePath($0) })
} else if arguments.count == 4, let first = arguments.first, let last = arguments.last,
    ["--name", "--write-names"].contains(first),
    let order = NamingOrder(rawValue: arguments[arguments.startIndex + 1])
{
    try nameClusters(
        album: FilePath(arguments[arguments.startIndex + 2]), folder: FilePath(last), order,
        writes: first == "--write-names")
} else if arguments.count == 2, let album = arguments.first, let folder = arguments.last {
    try printRecognition(LabelledEvent(album: FilePath(album), folder: FilePath(folder)))
} else {
    print(
        "usage: recognition-benchmark ALBUM EVENT | --speed | --clusters | --crowds | --clean ALBUM OUT"
    )
}
