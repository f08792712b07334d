// SPDX-License-Identifier: GPL-2.0
/*
 * Makes the memory of QEMU's pci-testdev available to user space, in
 * p2pmem/allocate of the device, like a driver for a device with peer-to-peer
 * memory.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pci-p2pdma.h>

#define MEMORY_BAR	2

static int p2p_memory_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int ret = pcim_enable_device(pdev);

	if (!ret)
		ret = pci_p2pdma_add_resource(pdev, MEMORY_BAR, 0, 0);
	if (!ret)
		pci_p2pmem_publish(pdev, true);
	return ret;
}

static const struct pci_device_id p2p_memory_ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_REDHAT, 0x0005) },
	{}
};

static struct pci_driver p2p_memory_driver = {
	.name = "p2p_memory",
	.id_table = p2p_memory_ids,
	.probe = p2p_memory_probe,
};

module_pci_driver(p2p_memory_driver);

MODULE_DESCRIPTION("Peer-to-peer memory of QEMU's pci-testdev");
MODULE_LICENSE("GPL");
