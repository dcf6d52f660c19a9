internal import HDF5

/// What a dataset says of its elements, without them.
struct DatasetHeader {
    let elementType: ElementType
    let shape: [Int]
    private let chunkShape: [Int]?
    private let isChecksummed: Bool

    init(_ dataset: borrowing Dataset) {
        elementType = dataset.elementType
        shape = dataset.shape
        chunkShape = dataset.chunkShape
        isChecksummed = dataset.isChecksummed
    }

    /// What is wrong with it as the dataset `name` of a case, whatever the case's geometry is.
    func problems(as name: GoldenFormat.DatasetName) -> [String] {
        var problems: [String] = []
        let title = "dataset '\(name.rawValue)'"
        let wanted = name.form
        if elementType != wanted.type { problems.append("\(title) holds \(elementType), expected \(wanted.type)") }
        if shape.count != wanted.rank {
            problems.append("\(title) has shape \(shape) of rank \(shape.count), expected rank \(wanted.rank)")
        }
        // Where a chunk is missing libhdf5 makes up zeros; a single one is either there or known to be missing.
        if !shape.contains(0), !isChecksummed || chunkShape != shape {
            problems.append("\(title) is not one chunk with a Fletcher-32 checksum")
        }
        return problems
    }
}
