import { Box, Button, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import Templates from '@rjsf/mantine/lib/templates/index.js';
