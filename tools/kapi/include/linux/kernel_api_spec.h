#include "../../../../include/linux/kernel_api_spec.h"
