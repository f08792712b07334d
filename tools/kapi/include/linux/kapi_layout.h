#include "../../../../include/linux/kapi_layout.h"
