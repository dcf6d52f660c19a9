import CHDF5
import GoldenStore
import Testing

@testable import HDF5

/// Names that lead elsewhere: what they lead to could be anything, in any file.
struct LinkTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// The faults of a sound draft with one symbolic link more.
    private func faults(linking name: String, to target: String, in group: String) throws -> [String] {
        try Draft().write(to: directory)
        try Library.locked { () throws(HDF5Error) in
            let file = H5Fopen(directory.file("draft.h5"), chdf5_read_write(), chdf5_default())
            let status = H5Lcreate_soft(target, file, "\(group)/\(name)", chdf5_default(), chdf5_default())
            #expect(status >= 0)
            H5Fclose(file)
        }
        return try GoldenDirectory.verify(path: directory.path).faults.map(\.description)
    }

    @Test
    func aCaseThatIsALinkIsRefused() throws {
        let faults = try faults(linking: "two", to: "/cases/one", in: "/cases")
        #expect(faults.count == 1 && faults[0].hasSuffix("case 'two' is a link to another place, expected a group"))
    }

    @Test
    func aDatasetThatIsALinkIsRefused() throws {
        let faults = try faults(linking: "more", to: "input", in: "/cases/one")
        #expect(faults.count == 1)
        #expect(faults[0].hasSuffix("case draft/one: 'more' is a link to another place, expected a dataset"))
    }
}
